"""Splits submitted texts into passages: the spans that analysis, quotation and links use."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from apps.analysis.sentences import fingerprint, split_sentences
from apps.consultations.models import Provision
from apps.jobs import services as jobs
from apps.submissions.inserting import insert
from apps.submissions.models import (
    HIDDEN,
    Answer,
    AttachmentPage,
    Passage,
    Point,
    Submission,
)

# submission, answer, point, page, field, start, end, fingerprint
Row = tuple[int, int | None, int | None, int | None, str, int, int, int]
Span = tuple[int, int, int]  # start, end, fingerprint
LONGEST_REMEMBERED = 5_000
POINTS_AT_ONCE = 2_000
LEAVE_OUT_GIVEN = "submissions.leave_out_given"
COLUMNS = (
    *("submission_id", "answer_id", "point_id", "page_id"),
    *("field", "start", "end", "fingerprint"),
)


@transaction.atomic
def extract(submission_ids: Sequence[int]) -> int:
    """Store the passages of texts that have none yet; return how many. Safe to run twice.

    A page of a file may be read after its submission was filed: it is looked at for itself.
    """
    found = Passage.objects.filter(submission__in=submission_ids)
    done = set(found.filter(page__isnull=True).values_list("submission", flat=True))
    wanted = [pk for pk in submission_ids if pk not in done]
    languages = dict(Submission.objects.filter(pk__in=wanted).values_list("pk", "language"))
    rows: list[Row] = []
    for answer in Answer.objects.filter(submission__in=wanted).order_by("id"):
        rows += rows_of_answer(answer, language=languages[answer.submission_id])
    points = Point.objects.filter(submission__in=wanted).order_by("id")
    given = _given(points)
    for point in points:
        rows += rows_of_point(
            point,
            language=languages[point.submission_id],
            given=given.get(point.provision_id, ""),
        )
    pages = AttachmentPage.objects.public().filter(attachment__submission__in=submission_ids)
    unread = pages.filter(~Exists(Passage.objects.filter(page=OuterRef("pk"))))
    for pk, text, submission, language in unread.order_by("id").values_list(
        "pk", "text", "attachment__submission", "attachment__submission__language"
    ):
        rows += rows_of_page(text, language, submission=submission, page=pk)
    store(rows)
    return len(rows)


def leave_out_given(after: int) -> None:
    """Delete what was stored before sentences of a provision were told from a wording's own.

    Of the next POINTS_AT_ONCE points that propose a wording; a job of the same kind goes on with
    the rest. Texts and what briefings cite of them stay as they are. Safe to run twice.

    after  the id of the last point that was looked at
    """
    points = Point.objects.filter(pk__gt=after).exclude(proposed_text="").order_by("pk")
    some = {point.pk: point for point in points[:POINTS_AT_ONCE]}
    given = _given(Point.objects.filter(pk__in=some))
    stored = Passage.objects.filter(point__in=some, field="proposed_text")
    kept = [
        pk
        for pk, point, start, end in stored.values_list("pk", "point", "start", "end")
        if _plain(some[point].proposed_text[start:end]) in given[some[point].provision_id]
    ]
    Passage.objects.filter(pk__in=kept).delete()
    if len(some) == POINTS_AT_ONCE:
        last = max(some)
        jobs.enqueue(LEAVE_OUT_GIVEN, key=f"given:{last}", payload={"after": last})


def rows_of_answer(answer: Answer, *, language: str) -> Iterator[Row]:
    """Yield the passages of an answer as rows."""
    return rows_of_text(answer.text, language, submission=answer.submission_id, answer=answer.pk)


def rows_of_text(text: str, language: str, *, submission: int, answer: int) -> Iterator[Row]:
    """Yield the passages of an answer's text as rows."""
    for start, end, number in _spans(text, language):
        yield submission, answer, None, None, "", start, end, number


def rows_of_point(point: Point, *, language: str, given: str) -> Iterator[Row]:
    """Yield the passages of all texts of a point as rows.

    given  what its provision says, see `_given`: sentences that a proposed wording keeps are not
           its author's
    """
    for field, text in point.texts():
        known = given if field == "proposed_text" else ""
        for start, end, number in _spans(text, language):
            if not known or _plain(text[start:end]) not in known:
                yield point.submission_id, None, point.pk, None, field, start, end, number


def _given(points: QuerySet[Point]) -> dict[int, str]:
    """Return the texts of the provisions for which points propose a wording, on one line each."""
    put_otherwise = points.exclude(proposed_text="").order_by().values("provision")
    texts = Provision.objects.filter(pk__in=put_otherwise).values_list("pk", "text")
    return {pk: _plain(text) for pk, text in texts}


def _plain(text: str) -> str:
    return " ".join(text.split())


def rows_of_page(text: str, language: str, *, submission: int, page: int) -> Iterator[Row]:
    """Yield the passages of a page of an attached file as rows."""
    for start, end, number in _spans(text, language):
        yield submission, None, None, page, "", start, end, number


def store(rows: Iterable[Row]) -> None:
    """Insert passages."""
    insert(Passage, COLUMNS, rows)


def _spans(text: str, language: str) -> tuple[Span, ...]:
    # Letters of a campaign are copies of each other: the same text is split once. A long one is
    # not kept, so that what is kept stays within some twenty megabytes.
    split = _split_once if len(text) <= LONGEST_REMEMBERED else _split
    return split(text, language)


def _split(text: str, language: str) -> tuple[Span, ...]:
    # A sentence of which moderators hid a part is neither analysed nor quoted.
    return tuple(
        (start, end, fingerprint(text[start:end]))
        for start, end in split_sentences(text, language=language)
        if HIDDEN not in text[start:end]
    )


_split_once = lru_cache(maxsize=1_024)(_split)
