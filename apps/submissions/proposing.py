"""Shows the points to whoever writes the next version, and whose words a version took over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet, Sum

from apps.consultations.models import Document, DocumentVersion, Provision
from apps.consultations.sections import (
    Section,
    counts_points,
    led_to,
    margin,
    proposals,
    proposed_words,
)
from apps.submissions.models import Point, PointTally, Submission

MOST_POINTS = 50


@proposals
def made_on(document: Document, key: str, user: Any) -> Section | None:
    """List the points on a provision, in any version of it, newest first: one query."""
    del user  # whoever may write the text may read what was filed about it
    made = standing_points(document).filter(provision__key=key)
    newest = list(made.order_by("-pk")[: MOST_POINTS + 1])
    if not newest:
        return None
    shown = newest[:MOST_POINTS]
    context = {
        "key": key,
        "points": shown,
        "has_more": len(newest) > MOST_POINTS,
        "is_proposing": any(point.proposed_text for point in shown),
    }
    return Section("submissions/_points_made.html", context)


@proposed_words
def words_of(document: Document, key: str, names: Sequence[str]) -> Mapping[str, str]:
    """Return the words that points which stand propose for a provision: one query."""
    references = {name.rpartition("/")[0] for name in names}
    made = standing_points(document).filter(
        provision__key=key, submission__reference__in=references
    )
    words = {f"{one.submission.reference}/{one.name}": one.proposed_text for one in made}
    return {name: words[name] for name in names if words.get(name, "").strip()}


@counts_points
def points_by_key(document: Document) -> Mapping[str, int]:
    """Count the points on every version of each provision: one query."""
    tallies = PointTally.objects.filter(provision__version__document=document, points__gt=0)
    counted = tallies.order_by().values_list("provision__key").annotate(n=Sum("points"))
    return dict(counted)


def standing_points(document: Document) -> QuerySet[Point]:
    """Return the points that stand on any version of a document, with what a list shows."""
    made = Point.objects.filter(
        provision__version__document=document,
        submission__state=Submission.State.SUBMITTED,
        submission__is_reply=False,
    )
    return made.select_related("submission__consultation", "provision__version")


@led_to
def taken_over(version: DocumentVersion) -> Mapping[int, Section]:
    """Name the points whose proposed words a version took over: two queries."""
    credited = {
        pk: [credit.rpartition("/point:")[::2] for credit in credits]
        for pk, credits in version.provisions.exclude(credits=[]).values_list("pk", "credits")
    }
    references = {reference for pairs in credited.values() for reference, _number in pairs}
    if not references:
        return {}
    points = {
        (str(point.submission.reference), str(point.number)): point
        for point in standing_points(version.document).filter(submission__reference__in=references)
    }
    found = {
        pk: [points[pair] for pair in pairs if pair in points] for pk, pairs in credited.items()
    }
    return {
        pk: Section("submissions/_taken_over.html", {"points": rows})
        for pk, rows in found.items()
        if rows
    }


@margin
def points_carried(version: DocumentVersion) -> Mapping[int, Section]:
    """Show beside each provision how many points were made on earlier versions of it.

    Two queries, and none beside the first version.
    """
    if version.number == 1:
        return {}
    earlier = (
        PointTally.objects.filter(
            provision__version__document=version.document_id,
            provision__version__number__lt=version.number,
            points__gt=0,
        )
        .order_by()
        .values_list("provision__key", "provision__version__number")
        .annotate(n=Sum("points"))
    )
    counted: dict[str, dict[int, int]] = defaultdict(dict)
    for key, number, n in earlier:
        counted[key][number] = n
    here = Provision.objects.filter(version=version, key__in=list(counted))
    return {
        pk: Section("submissions/_margin_earlier.html", _earlier(version, key, counted[key]))
        for pk, key in here.values_list("pk", "key")
    }


def _earlier(version: DocumentVersion, key: str, counts: Mapping[int, int]) -> dict[str, Any]:
    return {
        "points": sum(counts.values()),
        "version": max(counts),
        "key": key,
        "document": version.document.slug,
    }
