"""Keeps points attached to a text that changes, or tells of its loss, in parts of bounded size."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from apps.analysis.anchoring import Found, Phrase, locate, occurrences, phrase_at
from apps.consultations.models import DocumentVersion, Provision
from apps.consultations.publishing import on_version
from apps.jobs import services as jobs
from apps.jobs.executing import Run
from apps.submissions.announcing import LOST_PROVISION, LOST_WORDS, announce_lost
from apps.submissions.drafting import Form
from apps.submissions.inputs import PointInput
from apps.submissions.models import Anchor, Placement, Point, Submission

REATTACH, PART = "submissions.reattach", "submissions.reattach_part"
LEFT_OUT_PART = "submissions.left_out_part"
ROWS_PER_PART = 500
State = Placement.State


@on_version
def enqueue(version: DocumentVersion) -> None:
    """Let a job look for the words of points in a version that was just published."""
    if version.number > 1:
        jobs.enqueue(REATTACH, key=f"reattach:{version.pk}", payload={"version": version.pk})


def write(points: Sequence[Point], inputs: Sequence[PointInput], form: Form) -> None:
    """Store the words that points are about; checked before. No query where there are none."""
    pairs = [(row, one) for row, one in zip(points, inputs, strict=True) if one.quote.strip()]
    texts = form.texts(one.provision for _row, one in pairs) if pairs else {}
    Anchor.objects.bulk_create(
        _anchor(row, one, texts[one.provision]) for row, one in pairs if one.provision in texts
    )


def _anchor(row: Point, one: PointInput, text: str) -> Anchor:
    start, end = occurrences(one.quote, text)[max(one.nth, 1) - 1]
    phrase = phrase_at(text, start, end)
    return Anchor(
        point=row,
        quote=phrase.quote,
        prefix=phrase.prefix,
        suffix=phrase.suffix,
        start=start,
        end=end,
    )


def nth_of(anchor: Anchor, text: str) -> int:
    """Return which of the places of its words an anchor means, counted from 1; 0 for none."""
    starts = [start for start, _end in occurrences(anchor.quote, text)]
    return starts.index(anchor.start) + 1 if anchor.start in starts else 0


def split(run: Run) -> None:
    """Divide a document's anchors, and the points it leaves out, into parts: a job for each."""
    version = DocumentVersion.objects.get(pk=run.payload["version"])
    for kind, rows in ((PART, _anchors_of(version)), (LEFT_OUT_PART, _left_out_of(version))):
        for first, last in _parts(rows):
            run.follow(kind, {"version": version.pk, "first": first, "last": last})


def _parts(rows: QuerySet[Any]) -> Iterator[tuple[int, int]]:
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(pks), ROWS_PER_PART):
        part = pks[first : first + ROWS_PER_PART]
        yield part[0], part[-1]


def place(version_id: int, first: int, last: int) -> int:
    """Place the anchors of a part in a version; return how many. Safe to run twice.

    Whoever filed a point hears of it where the words it is about are gone.
    """
    version = DocumentVersion.objects.get(pk=version_id)
    anchors = _anchors_of(version).filter(pk__gte=first, pk__lte=last)
    anchors = anchors.exclude(placements__version=version).order_by("pk")
    provisions = list(version.provisions.order_by("position"))
    placed = [
        _placement(anchor, version, provisions)
        for anchor in anchors.select_related("point__provision", "point__submission__consultation")
    ]
    Placement.objects.bulk_create(placed, ignore_conflicts=True)
    lost = [one.anchor.point.submission for one in placed if one.state == State.ORPHANED]
    filed = [one for one in lost if one.state == Submission.State.SUBMITTED]
    announce_lost(filed, title=LOST_WORDS, at=version.published_at)
    return len(placed)


def tell_left_out(version_id: int, first: int, last: int) -> None:
    """Tell whoever filed a point of a part on a provision that a version leaves out."""
    version = DocumentVersion.objects.get(pk=version_id)
    points = _left_out_of(version).filter(pk__gte=first, pk__lte=last).order_by("pk")
    filed = [point.submission for point in points.select_related("submission__consultation")]
    announce_lost(filed, title=LOST_PROVISION, at=version.published_at)


def _anchors_of(version: DocumentVersion) -> QuerySet[Anchor]:
    return Anchor.objects.filter(
        point__provision__version__document=version.document_id,
        point__provision__version__number__lt=version.number,
    )


def _left_out_of(version: DocumentVersion) -> QuerySet[Point]:
    """Return the points on whole provisions that the version before had and this one has not."""
    of_document = Provision.objects.filter(version__document=version.document_id)
    kept = version.provisions.values("key")
    gone = of_document.filter(version__number=version.number - 1).exclude(key__in=kept)
    return Point.objects.filter(
        submission__state=Submission.State.SUBMITTED,
        anchor__isnull=True,
        provision__in=of_document.filter(
            version__number__lt=version.number, key__in=gone.values("key")
        ),
    )


def _placement(
    anchor: Anchor, version: DocumentVersion, provisions: Sequence[Provision]
) -> Placement:
    key = anchor.point.provision.key
    own = next((one for one in provisions if one.key == key), None)
    others = [one for one in provisions if one.key != key]
    phrase = Phrase(anchor.quote, anchor.prefix, anchor.suffix, anchor.start)
    before = anchor.point.provision.text
    found = locate(phrase, own.text if own else "", [one.text for one in others], before=before)
    if found is None:
        return Placement(anchor=anchor, version=version, state=State.ORPHANED)
    return Placement(
        anchor=anchor,
        version=version,
        provision=own if found.place == 0 else others[found.place - 1],
        start=found.start,
        end=found.end,
        state=_state(found),
    )


def _state(found: Found) -> str:
    return State.ATTACHED if found.is_exact and found.place == 0 else State.MOVED
