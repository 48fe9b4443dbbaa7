"""Gives a response to parts: what stood on them is replaced, and the tallies follow."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, F

from apps.responses.models import AnsweredPart, OfficialResponse, ResponseTally
from apps.submissions.inserting import add
from apps.submissions.models import Submission
from apps.submissions.tallies import when_words_go

# provision, question, group, whether it is the letter in it alone
Place = tuple[int | None, int | None, str, bool]
_COLUMNS = ("point__provision", "answer__question", "submission__group", "is_of_letter")


def attach(response: OfficialResponse, parts: Sequence[AnsweredPart]) -> None:
    """Let a response stand on parts whose submissions the caller locked: the same for any number.

    What answers the letter in a point replaces what answered that letter, and leaves the rest.

    parts  each with its point or answer, and its submission; not stored yet
    """
    for is_of_letter in (False, True):
        alike = [part for part in parts if part.is_of_letter == is_of_letter]
        standing = AnsweredPart.objects.standing().filter(is_of_letter=is_of_letter)
        points = [part.point_id for part in alike if part.point_id]
        answers = [part.answer_id for part in alike if part.answer_id]
        for field, ids in (("point__in", points), ("answer__in", answers)):
            if ids:
                there = standing.filter(**{field: ids})
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
    question = part.answer.question_id if part.answer else None
    return provision, question, part.submission.group, part.is_of_letter


def _count(response: OfficialResponse, counted: Counter[Place]) -> None:
    on_text: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    on_questions: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    for (provision, question, group, is_of_letter), n in counted.items():
        if provision is not None:
            on_text[provision, group][is_of_letter] += n
        elif question is not None:
            on_questions[question, group][is_of_letter] += n
    _add(response, "provision_id", on_text, other="question_id")
    _add(response, "question_id", on_questions, other="provision_id")


def _add(
    response: OfficialResponse,
    column: str,
    counted: dict[tuple[int, str], list[int]],
    *,
    other: str,
) -> None:
    unique = f'(response_id, {column}, "group") WHERE {other} IS NULL'
    key = ("response_id", column, "group")
    rows: list[tuple[int | str, ...]] = sorted(
        (response.pk, place, group, parts, letters)
        for (place, group), (parts, letters) in counted.items()
    )
    add(ResponseTally, key, ("parts", "letters"), rows, unique=unique)


def _take_back(there: Any) -> None:
    """Subtract parts that stood until now, in one order so that nobody waits in a ring."""
    for response, place, n in sorted(_counted(there), key=str):
        provision, question, group, is_of_letter = place
        counter = "letters" if is_of_letter else "parts"
        tallies = ResponseTally.objects.filter(
            response=response, provision=provision, question=question, group=group
        )
        tallies.filter(**{f"{counter}__gte": n}).update(**{counter: F(counter) - n})


def _counted(there: Any) -> Iterator[tuple[int, Place, int]]:
    rows = there.order_by().values_list("response", *_COLUMNS).annotate(n=Count("pk"))
    for response, provision, question, group, is_of_letter, n in rows:
        yield response, (provision, question, group, is_of_letter), n
