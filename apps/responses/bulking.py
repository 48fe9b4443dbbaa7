"""Gives one response to everything that was frozen for it, part by part, in jobs."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from apps.audit import services as audit
from apps.jobs.executing import Run
from apps.jobs.registry import Effects
from apps.responses.copies import newest_scan, own_words
from apps.responses.deciding import attach
from apps.responses.ledger import POINTS
from apps.responses.models import AnsweredPart, BulkPart, BulkResponse, OfficialResponse
from apps.responses.telling import tell_authors
from apps.submissions.models import Answer, Point, Submission

SPLIT, GIVE, END = "responses.bulk", "responses.bulk-part", "responses.bulk-end"
STAGES = 3
PART_SIZE = 1_000


def split_up(rows: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the ids in parts of bounded size that never cut a submission: it gets one piece of
    news, and two parts never wait for each other.

    rows  (submission, id), in this order
    """
    parts: list[list[int]] = [[]]
    last = None
    for submission, pk in rows:
        if len(parts[-1]) >= PART_SIZE and submission != last:
            parts.append([])
        parts[-1].append(pk)
        last = submission
    return parts


def split(run: Run) -> Effects:
    """Let one job follow for each part, and one when all are done."""
    bulk = run.payload["bulk"]
    waiting = BulkPart.objects.filter(bulk=bulk, done_at__isnull=True)
    numbers = waiting.order_by("number").values_list("pk", flat=True)
    run.fan_out(GIVE, [{"part": pk} for pk in numbers], then=END, then_payload={"bulk": bulk})
    return None


def give(run: Run) -> Effects:
    """Answer what is left of one part; everything of it is stored at once, or nothing."""
    part = BulkPart.objects.select_related("bulk__response__consultation").get(
        pk=run.payload["part"]
    )
    run.progress(0, len(part.ids), "responses")
    return partial(_give, part)


def end(run: Run) -> Effects:
    """Put on record what became of all parts."""
    return partial(_end, run.payload["bulk"])


def counts_of(bulk: BulkResponse) -> dict[str, int]:
    """Return how many were answered, gone, and answered later by another response: one query."""
    parts = BulkPart.objects.filter(bulk=bulk)
    sums = parts.aggregate(**{name: Sum(name) for name in ("answered", "gone", "later")})
    return {name: n or 0 for name, n in sums.items()}


def _give(part: BulkPart) -> None:
    # Locked and read again: whoever comes second finds it done.
    if BulkPart.objects.select_for_update().get(pk=part.pk).done_at is not None:
        return
    response, is_points = part.bulk.response, part.bulk.asked.get("kind") == POINTS
    model: Any = Point if is_points else Answer
    field = "point" if is_points else "answer"
    frozen = model.objects.filter(pk__in=part.ids)
    held = _lock(frozen)
    letters = _letters(part, field)
    later = _later(part, field, letters)
    place = "provision_id" if is_points else "question_id"
    said = frozen.filter(submission__in=held).only("submission_id", place).order_by("pk")
    rest = [one for one in said if one.pk not in later]
    given = _parts(response, rest, held, field=field, first=PART_SIZE * part.number)
    for one in given:
        one.is_of_letter = (one.point_id or one.answer_id) in letters
    attach(response, given)
    tell_authors(response, {one.submission_id: held[one.submission_id] for one in rest}.values())
    gone = len(part.ids) - len(later.union(one.pk for one in rest))
    BulkPart.objects.filter(pk=part.pk).update(
        answered=len(rest), gone=gone, later=len(later), done_at=timezone.now()
    )


def _letters(part: BulkPart, field: str) -> set[int]:
    """Return of what the letter alone is answered, and own words beside it stay open."""
    if part.bulk.asked.get("own"):
        return set()
    there = own_words(newest_scan(part.bulk.response.consultation), field)
    return set(there.filter(**{f"{field}__in": part.ids}).values_list(field, flat=True))


def _later(part: BulkPart, field: str, letters: set[int]) -> set[int]:
    """Return what was answered meanwhile by a response that stands."""
    newer = AnsweredPart.objects.standing().filter(**{f"{field}__in": part.ids})
    if not part.bulk.asked.get("is_open"):
        # What a later response stands on was decided with this one in sight; the rest is replaced.
        newer = newer.filter(response__gte=part.bulk.response_id)
    given = newer.values_list(field, "is_of_letter")
    return {pk for pk, is_of_letter in given if is_of_letter == (pk in letters)}


def _lock(frozen: Any) -> dict[int, Submission]:
    """Return the submissions that stand, locked in one order: withdrawn before, or answered."""
    there = Submission.objects.filter(
        pk__in=frozen.order_by().values("submission"), state=Submission.State.SUBMITTED
    )
    rows = there.select_for_update(of=("self",)).select_related("consultation").order_by("pk")
    shown = rows.only("reference", "group", "state", "consultation__slug")
    return {one.pk: one for one in shown}


def _parts(
    response: OfficialResponse,
    rows: Sequence[Any],
    held: dict[int, Submission],
    *,
    field: str,
    first: int,
) -> list[AnsweredPart]:
    return [
        AnsweredPart(
            response=response,
            submission=held[one.submission_id],
            number=first + place,
            **{field: one},
        )
        for place, one in enumerate(rows)
    ]


def _end(bulk_id: int) -> None:
    bulk = BulkResponse.objects.select_related("response__consultation", "response__made_by").get(
        pk=bulk_id
    )
    still = BulkResponse.objects.filter(pk=bulk_id, finished_at__isnull=True)
    if not still.update(finished_at=timezone.now()):
        return
    audit.record(
        "response.bulk_given",
        subject=bulk.response.consultation.slug,
        detail={"response": bulk_id, "count": bulk.count, **counts_of(bulk)},
    )
