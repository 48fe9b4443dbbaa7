"""Reads the texts of submissions for analysis, in chunks, with the place each text stands in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.analysis.wording import words_added
from apps.consultations.models import Provision
from apps.submissions.models import Answer, AttachmentPage, Point, answer_part, page_part

CHUNK = 2_000
FIELDS = Point.TEXT_FIELDS


@dataclass(frozen=True, slots=True)
class SourceText:
    """One text of a submission; one of `answer_id`, `point_id` and `page_id` is set."""

    submission_id: int
    part: str
    text: str
    question_id: int | None = None
    provision_key: str = ""
    answer_id: int | None = None
    point_id: int | None = None
    page_id: int | None = None
    field: str = ""
    stance: str = ""
    marks: str = ""  # scale and choices, as one word: part of the content, never of the text
    given: str = ""  # what stands in the consultation where this wording would stand

    @property
    def own_words(self) -> str:
        """Return the text without the words of the consultation that a wording keeps."""
        return words_added(self.given, self.text)


def chunks(ids: Sequence[int], size: int = CHUNK) -> Iterator[Sequence[int]]:
    """Yield the ids in runs small enough for one query."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def texts_of(
    submission_ids: Sequence[int], *, question_id: int | None = None, provision_key: str = ""
) -> Iterator[SourceText]:
    """Yield the texts of submissions: answers by question, points by number, pages of files.

    Within one submission the order is always the same, so that a hash over it is stable.

    question_id    only the answers to this question, no points and no pages
    provision_key  only the points on this provision and the pages that support them
    """
    for run in chunks(submission_ids):
        found: list[SourceText] = []
        if not provision_key:
            found += _answers(run, question_id)
        if question_id is None:
            found += _points(run, provision_key)
            found += _pages(run, provision_key)
        found.sort(key=lambda text: text.submission_id)  # stable: keeps the order inside
        yield from found


def _answers(run: Sequence[int], question_id: int | None) -> Iterator[SourceText]:
    answers = Answer.objects.filter(submission__in=run)
    if question_id is not None:
        answers = answers.filter(question=question_id)
    chosen = _choices(answers)
    # Plain rows: a briefing reads every text several times, and instances took most of that time.
    rows = answers.order_by("submission_id", "question__position", "number").values_list(
        "pk",
        "submission_id",
        "question_id",
        "question__key",
        "question__provision_key",
        "number",
        "text",
        "stance",
        "scale",
    )
    for pk, submission, question, key, provision, number, text, stance, scale in rows:
        yield SourceText(
            submission_id=submission,
            part=answer_part(key, number),
            text=text,
            question_id=question,
            provision_key=provision,
            answer_id=pk,
            stance=stance,
            marks=",".join([str(scale or ""), *sorted(chosen.get(pk, ()))]),
        )


def _choices(answers: QuerySet[Answer]) -> dict[int, list[str]]:
    chosen: dict[int, list[str]] = {}
    pairs = answers.filter(choices__isnull=False).values_list("pk", "choices__key")
    for pk, key in pairs:
        chosen.setdefault(pk, []).append(key)
    return chosen


def _points(run: Sequence[int], provision_key: str) -> Iterator[SourceText]:
    points = Point.objects.filter(submission__in=run)
    if provision_key:
        points = points.filter(provision__key=provision_key)
    put_otherwise = points.exclude(proposed_text="").values("provision")
    given = dict(Provision.objects.filter(pk__in=put_otherwise).values_list("pk", "text"))
    rows = points.select_related("provision").order_by("submission_id", "number")
    for point in rows.only("submission_id", "number", "stance", "provision__key", *FIELDS):
        for field in FIELDS:
            yield SourceText(
                submission_id=point.submission_id,
                part=point.part(field),
                text=getattr(point, field),
                provision_key=point.provision.key,
                point_id=point.pk,
                field=field,
                stance=point.stance,
                given=given.get(point.provision_id, "") if field == "proposed_text" else "",
            )


def pages_beside_points(submission_ids: Sequence[int]) -> Iterator[SourceText]:
    """Yield the pages of files that support no point: they stand with the whole response."""
    for run in chunks(submission_ids):
        yield from _pages(run, "", is_beside=True)


def _pages(
    run: Sequence[int], provision_key: str, *, is_beside: bool = False
) -> Iterator[SourceText]:
    pages = AttachmentPage.objects.public().filter(attachment__submission__in=run)
    if provision_key:
        pages = pages.filter(attachment__point__provision__key=provision_key)
    if is_beside:
        pages = pages.filter(attachment__point__isnull=True)
    rows = pages.order_by("attachment__submission", "attachment__number", "number").values_list(
        "pk",
        "attachment__submission",
        "attachment__number",
        "number",
        "text",
        "attachment__point__provision__key",
        "attachment__point__stance",
    )
    for pk, submission, file, number, text, provision, stance in rows:
        yield SourceText(
            submission_id=submission,
            part=page_part(file, number),
            text=text,
            provision_key=provision or "",
            page_id=pk,
            stance=stance or "",
        )
