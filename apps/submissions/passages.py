"""Splits submitted texts into passages: the spans that analysis, quotation and links use."""

from collections.abc import Iterator, Sequence

from django.db import transaction

from apps.analysis.sentences import fingerprint, split_sentences
from apps.submissions.models import Answer, Passage, Point, Submission


@transaction.atomic
def extract(submission_ids: Sequence[int]) -> int:
    """Store the passages of submissions that have none yet; return how many. Safe to run twice."""
    done = set(
        Passage.objects.filter(submission__in=submission_ids).values_list("submission", flat=True)
    )
    wanted = [pk for pk in submission_ids if pk not in done]
    languages = dict(Submission.objects.filter(pk__in=wanted).values_list("pk", "language"))
    passages: list[Passage] = []
    for answer in Answer.objects.filter(submission__in=wanted).order_by("id"):
        passages += passages_of_answer(answer, language=languages[answer.submission_id])
    for point in Point.objects.filter(submission__in=wanted).order_by("id"):
        passages += passages_of_point(point, language=languages[point.submission_id])
    Passage.objects.bulk_create(passages, batch_size=2_000)
    return len(passages)


def passages_of_answer(answer: Answer, *, language: str) -> Iterator[Passage]:
    """Yield the passages of an answer, not yet stored."""
    text = answer.text
    for start, end in split_sentences(text, language=language):
        yield Passage(
            submission_id=answer.submission_id,
            answer_id=answer.pk,
            start=start,
            end=end,
            fingerprint=fingerprint(text[start:end]),
        )


def passages_of_point(point: Point, *, language: str) -> Iterator[Passage]:
    """Yield the passages of all texts of a point, not yet stored."""
    for field, text in point.texts():
        for start, end in split_sentences(text, language=language):
            yield Passage(
                submission_id=point.submission_id,
                point_id=point.pk,
                field=field,
                start=start,
                end=end,
                fingerprint=fingerprint(text[start:end]),
            )
