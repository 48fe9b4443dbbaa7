"""Keeps the counts that lists show, in the transaction that files a submission."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Q, Sum

from apps.consultations.models import Consultation
from apps.submissions.models import Answer, GroupTally, Point, PointTally, Submission


def count_submission(submission: Submission, *, question_ids: Iterable[int]) -> None:
    """Add one submission to its group's tally, in all and for each question it answers."""
    add_to_group(
        submission.consultation_id,
        submission.group,
        dict.fromkeys([None, *sorted(set(question_ids))], (1, submission.weight)),
    )


def add_to_group(
    consultation_id: int, group: str, added: dict[int | None, tuple[int, int]]
) -> None:
    """Add (submissions, letters) per question id to the tallies of a group; None is all."""
    wanted = Q(question__in=[pk for pk in added if pk is not None])
    if None in added:
        wanted |= Q(question__isnull=True)
    tallies = GroupTally.objects.filter(wanted, consultation=consultation_id, group=group)
    # Locked in one order everywhere, so that two submissions never wait for each other in a ring.
    there = set(tallies.select_for_update().order_by("id").values_list("question_id", flat=True))
    if missing := [pk for pk in added if pk not in there]:
        GroupTally.objects.bulk_create(
            (
                GroupTally(consultation_id=consultation_id, group=group, question_id=pk)
                for pk in missing
            ),
            ignore_conflicts=True,
        )
    for amount, question_ids in _by_amount(added):
        of_amount = Q(question__in=[pk for pk in question_ids if pk is not None])
        if None in question_ids:
            of_amount |= Q(question__isnull=True)
        tallies.filter(of_amount).update(
            submissions=F("submissions") + amount[0], letters=F("letters") + amount[1]
        )


def count_points(group: str, points: Iterable[Point]) -> None:
    """Add points to the tallies of their provisions."""
    added = Counter((point.provision_id, point.stance) for point in points)
    if not added:
        return
    tallies = PointTally.objects.filter(
        group=group, provision__in={provision for provision, _stance in added}
    )
    there = set(tallies.select_for_update().order_by("id").values_list("provision_id", "stance"))
    if missing := [key for key in sorted(added) if key not in there]:
        PointTally.objects.bulk_create(
            (
                PointTally(provision_id=provision, group=group, stance=stance)
                for provision, stance in missing
            ),
            ignore_conflicts=True,
        )
    for amount in sorted(set(added.values())):
        keys = Q(pk__in=[])
        for provision, stance in sorted(key for key, n in added.items() if n == amount):
            keys |= Q(provision=provision, stance=stance)
        tallies.filter(keys).update(points=F("points") + amount)


def _by_amount(
    added: dict[int | None, tuple[int, int]],
) -> list[tuple[tuple[int, int], list[int | None]]]:
    grouped: dict[tuple[int, int], list[int | None]] = {}
    for pk, amount in added.items():
        grouped.setdefault(amount, []).append(pk)
    return list(grouped.items())


def recount_groups(consultation: Consultation) -> None:
    """Count the submissions of a consultation anew, where many changed their group at once."""
    GroupTally.objects.filter(consultation=consultation).delete()
    filed = Submission.objects.of(consultation).filed()
    in_all = filed.order_by().values("group").annotate(n=Count("pk"), letters=Sum("weight"))
    answers = Answer.objects.filter(submission__in=filed, number=1).order_by()
    by_question = answers.values("question", "submission__group").annotate(
        n=Count("pk"), letters=Sum("submission__weight")
    )
    counted: list[tuple[int | None, str, Any]] = [(None, row["group"], row) for row in in_all]
    counted += [(row["question"], row["submission__group"], row) for row in by_question]
    GroupTally.objects.bulk_create(
        GroupTally(
            consultation=consultation,
            question_id=question_id,
            group=group,
            submissions=row["n"],
            letters=row["letters"],
        )
        for question_id, group, row in counted
    )
