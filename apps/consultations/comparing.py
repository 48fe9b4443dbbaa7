"""What changed between two versions of a document, provision by provision and word by word."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from apps.analysis.wording import Comparison, compare
from apps.consultations.models import DocumentVersion, Provision

Kind = Literal["same", "changed", "added", "removed"]


@dataclass(frozen=True)
class Difference:
    """What became of one provision; what it was is in `before`, what it is in `after`.

    is_moved  it stands at another place than those around it
    """

    key: str
    kind: Kind
    before: Provision | None = None
    after: Provision | None = None
    heading: Comparison | None = None
    text: Comparison | None = None
    is_moved: bool = False

    @property
    def shown(self) -> Provision | None:
        """Return the provision as it is, or as it was where it is gone."""
        return self.after or self.before


def differences(old: DocumentVersion, new: DocumentVersion) -> list[Difference]:
    """Return what became of every provision, in the order of the new text: two queries.

    What was taken out stands where it stood, behind what came before it.
    """
    before = list(old.provisions.order_by("position"))
    after = list(new.provisions.order_by("position"))
    known = {one.key: one for one in before}
    kept = {one.key for one in after} & known.keys()
    steady = _steady([one.key for one in before], [one.key for one in after if one.key in kept])
    rows = [_difference(known.get(one.key), one, one.key not in steady) for one in after]
    places = {row.key: place for place, row in enumerate(rows)}
    place = 0
    for one in before:
        if one.key in kept:
            place = places[one.key] + 1
        else:
            rows.insert(place, Difference(one.key, "removed", before=one))
            places = {row.key: at for at, row in enumerate(rows)}
            place += 1
    return rows


def _difference(before: Provision | None, after: Provision, is_elsewhere: bool) -> Difference:
    if before is None:
        return Difference(after.key, "added", after=after)
    heading = compare(str(before), str(after)) if str(before) != str(after) else None
    text = compare(before.text, after.text) if before.text != after.text else None
    kind: Kind = "changed" if heading or text or is_elsewhere else "same"
    return Difference(after.key, kind, before, after, heading, text, is_elsewhere)


def _steady(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the keys that keep their order: a longest increasing run of old places.

    source  Fredman 1975, doi:10.1016/0012-365X(75)90103-X
    """
    place = {key: number for number, key in enumerate(before)}
    ends: list[int] = []
    tails: list[str] = []
    previous: dict[str, str | None] = {}
    for key in after:
        at = bisect_left(ends, place[key])
        previous[key] = tails[at - 1] if at else None
        ends[at:] = [place[key], *ends[at + 1 :]] if at < len(ends) else [place[key]]
        tails[at:] = [key, *tails[at + 1 :]] if at < len(tails) else [key]
    steady: set[str] = set()
    last: str | None = tails[-1] if tails else None
    while last is not None:
        steady.add(last)
        last = previous[last]
    return steady
