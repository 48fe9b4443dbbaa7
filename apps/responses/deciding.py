"""Gives a response to parts: what stood on them is replaced, and the tallies follow."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, F

from apps.responses.models import AnsweredPart, OfficialResponse, ResponseTally
from apps.submissions.inserting import add
from apps.submissions.models import Submission
from apps.submissions.tallies import when_words_go

Place = tuple[int | None, int | None, str]  # provision, question, group
_COLUMNS = ("point__provision", "answer__question", "submission__group")


def attach(response: OfficialResponse, parts: Sequence[AnsweredPart]) -> None:
    """Let a response stand on parts whose submissions the caller locked: the same for any number.

    parts  each with its point or answer, and its submission; not stored yet
    """
    standing = AnsweredPart.objects.standing()
    points = [part.point_id for part in parts if part.point_id]
    answers = [part.answer_id for part in parts if part.answer_id]
    for there in (standing.filter(point__in=points), standing.filter(answer__in=answers)):
        _take_back(there)
        there.update(is_current=False)
    AnsweredPart.objects.bulk_create(parts, batch_size=1_000)
    _count(response, Counter(map(_place_of, parts)))


@when_words_go
def forget(submission: Submission) -> None:
    """Count what a response stands on no longer where its author withdrew or replaced it."""
    _take_back(AnsweredPart.objects.standing().filter(submission=submission))


def _place_of(part: AnsweredPart) -> Place:
    provision = part.point.provision_id if part.point else None
    return provision, part.answer.question_id if part.answer else None, part.submission.group


def _count(response: OfficialResponse, counted: Counter[Place]) -> None:
    on_text: list[tuple[int | str, ...]] = []
    on_questions: list[tuple[int | str, ...]] = []
    for (provision, question, group), n in counted.items():
        if provision is not None:
            on_text.append((response.pk, provision, group, n))
        elif question is not None:
            on_questions.append((response.pk, question, group, n))
    _add("provision_id", on_text, other="question_id")
    _add("question_id", on_questions, other="provision_id")


def _add(column: str, rows: list[tuple[int | str, ...]], *, other: str) -> None:
    unique = f'(response_id, {column}, "group") WHERE {other} IS NULL'
    key = ("response_id", column, "group")
    add(ResponseTally, key, ("parts",), sorted(rows), unique=unique)


def _take_back(there: Any) -> None:
    """Subtract parts that stood until now, in one order so that nobody waits in a ring."""
    for response, place, n in sorted(_counted(there), key=str):
        provision, question, group = place
        ResponseTally.objects.filter(
            response=response, provision=provision, question=question, group=group, parts__gte=n
        ).update(parts=F("parts") - n)


def _counted(there: Any) -> Iterator[tuple[int, Place, int]]:
    rows = there.order_by().values_list("response", *_COLUMNS).annotate(n=Count("pk"))
    for response, provision, question, group, n in rows:
        yield response, (provision, question, group), n
