"""Keeps the words points are about attached to a text that changes, in parts of bounded size."""

from collections.abc import Sequence

from django.db.models import QuerySet

from apps.analysis.anchoring import Found, Phrase, locate, occurrences, phrase_at
from apps.consultations.models import DocumentVersion, Provision
from apps.consultations.publishing import on_version
from apps.jobs import services as jobs
from apps.jobs.executing import Run
from apps.submissions.announcing import announce_lost_words
from apps.submissions.drafting import Form
from apps.submissions.inputs import PointInput
from apps.submissions.models import Anchor, Placement, Point, Submission

REATTACH, PART = "submissions.reattach", "submissions.reattach_part"
ANCHORS_PER_PART = 500
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
    """Divide the anchors of a document into parts; each is placed by a job of its own."""
    version = DocumentVersion.objects.get(pk=run.payload["version"])
    pks = list(_anchors_of(version).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(pks), ANCHORS_PER_PART):
        part = pks[first : first + ANCHORS_PER_PART]
        run.follow(PART, {"version": version.pk, "first": part[0], "last": part[-1]})


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
    announce_lost_words(one for one in lost if one.state == Submission.State.SUBMITTED)
    return len(placed)


def _anchors_of(version: DocumentVersion) -> QuerySet[Anchor]:
    return Anchor.objects.filter(
        point__provision__version__document=version.document_id,
        point__provision__version__number__lt=version.number,
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
