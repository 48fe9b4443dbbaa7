"""Reads the texts of submissions for analysis, in chunks, with the place each text stands in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.submissions.models import Answer, Point

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class SourceText:
    """One text of a submission; exactly one of `answer_id` and `point_id` is set."""

    submission_id: int
    part: str
    text: str
    question_id: int | None = None
    provision_key: str = ""
    answer_id: int | None = None
    point_id: int | None = None
    field: str = ""
    stance: str = ""
    marks: str = ""  # scale and choices, as one word: part of the content, never of the text


def chunks(ids: Sequence[int], size: int = CHUNK) -> Iterator[Sequence[int]]:
    """Yield the ids in runs small enough for one query."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def texts_of(submission_ids: Sequence[int]) -> Iterator[SourceText]:
    """Yield every text of the submissions: answers by question, then points by number.

    Within one submission the order is always the same, so that a hash over it is stable.
    """
    for run in chunks(submission_ids):
        found = [*_answers(run), *_points(run)]
        found.sort(key=lambda text: text.submission_id)  # stable: keeps the order inside
        yield from found


def _answers(run: Sequence[int]) -> Iterator[SourceText]:
    answers = (
        Answer.objects.filter(submission__in=run)
        .select_related("question")
        .prefetch_related("choices")
        .order_by("submission_id", "question__position", "number")
    )
    for answer in answers:
        yield SourceText(
            submission_id=answer.submission_id,
            part=answer.part,
            text=answer.text,
            question_id=answer.question_id,
            provision_key=answer.question.provision_key,
            answer_id=answer.pk,
            stance=answer.stance,
            marks=",".join([str(answer.scale or ""), *sorted(c.key for c in answer.choices.all())]),
        )


def _points(run: Sequence[int]) -> Iterator[SourceText]:
    points = (
        Point.objects.filter(submission__in=run)
        .select_related("provision")
        .order_by("submission_id", "number")
    )
    for point in points:
        for field in Point.TEXT_FIELDS:
            yield SourceText(
                submission_id=point.submission_id,
                part=point.part(field),
                text=getattr(point, field),
                provision_key=point.provision.key,
                point_id=point.pk,
                field=field,
                stance=point.stance,
            )
