"""Whether a result stands however texts are counted, and whoever is left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.floating[Any]]
BoolArray = NDArray[np.bool_]

WAYS = ("every", "own", "groups", "stated", "verified")
SMALLEST_GROUP = 5
ROBUST_SHARE = 0.2


@dataclass(frozen=True)
class Dependence:
    """The organisation a theme rests on most.

    n, of   its texts in the theme, and all texts in the theme
    share   percentage, to one decimal
    robust  at most a fifth of the theme: it stands without this organisation
    """

    organisation: str
    n: int
    of: int
    share: float
    robust: bool


@dataclass(frozen=True)
class Counted:
    """Themes under several ways of counting.

    shares  by way: percentage of the texts that raise each theme, to one decimal
    ranks   by way: rank of each theme, 1 the most raised; ties go to the theme that comes first

    The ways: "every" all texts, "own" without campaign letters, "groups" the mean of the shares of
    the stakeholder groups, "stated" only texts whose group is known, "verified" only those of
    verified authors. The last three leave campaign letters out. A way under which no text counts
    is left out: its shares would be of nothing; so is "verified" with fewer than smallest_group.
    """

    shares: Mapping[str, tuple[float, ...]]
    ranks: Mapping[str, tuple[int, ...]]


def ways_of_counting(
    membership: ArrayLike,
    *,
    is_own: Sequence[bool],
    groups: Sequence[str],
    is_verified: Sequence[bool] | None = None,
    unstated: str = "",
    smallest_group: int = SMALLEST_GROUP,
) -> Counted:
    """Return how much each theme is raised under every way of counting, and its rank.

    membership      (n_texts, n_themes): the text raises the theme
    is_own          per text: not a campaign letter
    groups          per text: its stakeholder group
    is_verified     per text: it was checked who its author is; None where nobody was
    unstated        the group that says the group is not known
    smallest_group  own texts a group needs before it counts as much as any other, and verified
                    authors need to be counted by themselves
    raises          ValueError if the lengths differ
    """
    raised = _as_membership(membership)
    own = np.asarray(is_own, dtype=bool)
    group = np.asarray(groups, dtype=object)
    known = np.asarray(is_verified or [False] * len(raised), dtype=bool)
    if not len(raised) == len(own) == len(group) == len(known):
        raise ValueError("membership, is_own, groups and is_verified must be of one length")
    stated, verified = own & (group != unstated), own & known
    bases = {"every": np.ones(len(raised), dtype=bool), "own": own, "stated": stated}
    if verified.sum() >= smallest_group:
        bases["verified"] = verified
    sizes = Counter(group[stated].tolist())
    large = sorted(name for name, size in sizes.items() if size >= smallest_group)
    by_group = [_shares(raised[own & (group == name)]) for name in large]
    exact = {way: _shares(raised[rows]) for way, rows in bases.items() if rows.any()}
    if by_group:
        exact["groups"] = np.mean(by_group, axis=0)
    return Counted(
        shares={way: tuple(round(float(s), 1) for s in exact[way]) for way in WAYS if way in exact},
        ranks={way: _ranks(exact[way]) for way in WAYS if way in exact},
    )


def leave_one_out(
    membership: ArrayLike, *, organisations: Sequence[str], robust_share: float = ROBUST_SHARE
) -> list[Dependence | None]:
    """Return per theme the organisation it depends on most; None where none raises it.

    membership     (n_texts, n_themes): the text raises the theme
    organisations  per text: who it is from; "" is a person, who is nobody else
    robust_share   largest share one organisation may have of a theme that stands without it
    raises         ValueError if the lengths differ
    """
    raised = _as_membership(membership)
    if len(raised) != len(organisations):
        raise ValueError("membership and organisations must be of one length")
    return [
        _depends([organisations[row] for row in np.flatnonzero(theme).tolist()], robust_share)
        for theme in raised.T
    ]


def _depends(names: Sequence[str], robust_share: float) -> Dependence | None:
    texts = Counter(name for name in names if name)
    if not texts:
        return None
    name = min(texts, key=lambda one: (-texts[one], one))
    share = texts[name] / len(names)
    return Dependence(
        name,
        texts[name],
        len(names),
        round(100 * share, 1),
        texts[name] <= robust_share * len(names),
    )


def _as_membership(membership: ArrayLike) -> BoolArray:
    raised = np.asarray(membership, dtype=bool)
    if raised.ndim != 2:
        raise ValueError("membership must have a row per text and a column per theme")
    return raised


def _shares(raised: BoolArray) -> FloatArray:
    shares: FloatArray = 100 * raised.mean(axis=0)
    return shares


def _ranks(shares: FloatArray) -> tuple[int, ...]:
    """Rank what a reader sees: shares that print alike are ties."""
    order = np.argsort(-np.round(shares, 1), kind="stable")
    ranks = np.empty(len(shares), dtype=int)
    ranks[order] = np.arange(1, len(shares) + 1)
    return tuple(ranks.tolist())
