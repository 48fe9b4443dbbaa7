"""What becomes of provisions, and of the points on them, with the next version of a document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.consultations.models import DraftProvision, Provision

Held = Provision | DraftProvision


@dataclass(frozen=True)
class Outlook:
    """What a new text does to the points on the old one.

    gone     provisions that are not in it, with how many points lie on each
    carried  how many points lie on provisions that are
    """

    gone: list[tuple[Held, int]]
    carried: int

    @property
    def orphaned(self) -> int:
        """Return how many points lose their place."""
        return sum(points for _held, points in self.gone)


def outlook(before: Iterable[Held], keys: Iterable[str], points: Mapping[str, int]) -> Outlook:
    """Return what becomes of provisions where only those with these keys stay.

    points  how many lie on each provision, by key
    """
    kept = set(keys)
    gone = [(one, points.get(one.key, 0)) for one in before if one.key not in kept]
    return Outlook(gone, sum(points.get(key, 0) for key in kept))
