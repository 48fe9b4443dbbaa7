"""Keeps the counts that lists show, in the transaction that files a submission."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, F, Sum

from apps.consultations.models import Consultation
from apps.submissions.inserting import add
from apps.submissions.models import (
    Answer,
    GroupTally,
    Point,
    PointTally,
    ReplyTally,
    Submission,
)

COUNTED = ("submissions", "letters")
Act = Callable[[Submission], None]
_when_words_go: list[Act] = []


def when_words_go(act: Act) -> Act:
    """Register what a higher app does in the transaction that ends a submission."""
    if act not in _when_words_go:
        _when_words_go.append(act)
    return act


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
    # All first, then the questions in order: two submissions never wait for each other in a ring.
    if None in added:
        add(
            GroupTally,
            ("consultation_id", "group"),
            COUNTED,
            [(consultation_id, group, *added[None])],
            unique='(consultation_id, "group") WHERE question_id IS NULL',
        )
    add(
        GroupTally,
        ("consultation_id", "question_id", "group"),
        COUNTED,
        [
            (consultation_id, pk, group, *amounts)
            for pk, amounts in sorted((pk, n) for pk, n in added.items() if pk is not None)
        ],
        unique='(question_id, "group") WHERE question_id IS NOT NULL',
    )


def count_points(group: str, points: Iterable[Point]) -> None:
    """Add points to the tallies of their provisions."""
    added = Counter((point.provision_id, point.stance) for point in points)
    add(
        PointTally,
        ("provision_id", "group", "stance"),
        ("points",),
        [(provision, group, stance, n) for (provision, stance), n in sorted(added.items())],
        unique='(provision_id, "group", stance)',
    )


def count_replies(submission: Submission) -> None:
    """Add the replies of a submission to the tallies of its group."""
    added = Counter(submission.replies.values_list("kind", flat=True))
    place = (submission.consultation_id, submission.group)
    add(
        ReplyTally,
        ("consultation_id", "group", "kind"),
        ("replies",),
        [(*place, kind, n) for kind, n in sorted(added.items())],
        unique='(consultation_id, "group", kind)',
    )


def take_back_words(submission: Submission) -> None:
    """Count the points or the replies of a submission no longer."""
    (_take_back_replies if submission.is_reply else _take_back_points)(submission)
    for act in _when_words_go:
        act(submission)


def take_back_submission(submission: Submission) -> None:
    """Count a submission no longer, in all and to each question it answered.

    One statement a row and in the order of `add_to_group`: an insert that adds a negative number
    would be refused by the table before it finds the row it adds to.
    """
    if submission.is_reply:
        return  # never counted
    answered = submission.answers.filter(number=1).values_list("question_id", flat=True)
    for question_id in [None, *sorted(set(answered))]:
        GroupTally.objects.filter(
            consultation=submission.consultation_id, group=submission.group, question=question_id
        ).update(submissions=F("submissions") - 1, letters=F("letters") - submission.weight)


def _take_back_replies(submission: Submission) -> None:
    kinds = Counter(submission.replies.values_list("kind", flat=True))
    for kind, n in sorted(kinds.items()):
        ReplyTally.objects.filter(
            consultation=submission.consultation_id, group=submission.group, kind=kind
        ).update(replies=F("replies") - n)


def _take_back_points(submission: Submission) -> None:
    """Count its points no longer, in the order of `count_points`."""
    points = submission.points.values_list("provision_id", "stance")
    for (provision, stance), n in sorted(Counter(points).items()):
        PointTally.objects.filter(
            provision=provision, group=submission.group, stance=stance
        ).update(points=F("points") - n)


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


def add_letters(submission: Submission, letters: int) -> None:
    """Let a submission that was counted stand for more letters, or fewer, in all and by question.

    In the order of `add_to_group`, one statement a row, as an insert cannot add what is negative.
    """
    answered = submission.answers.filter(number=1).values_list("question_id", flat=True)
    for question_id in [None, *sorted(set(answered))]:
        GroupTally.objects.filter(
            consultation=submission.consultation_id, group=submission.group, question=question_id
        ).update(letters=F("letters") + letters)
