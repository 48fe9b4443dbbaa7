"""How stances are coded, counted and compared; a missing stance is never a neutral one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.floating[Any]]
IntArray = NDArray[np.signedinteger[Any]]


class Stance(IntEnum):
    """The answers a person can give; MISSING is no answer and is stored nowhere else.

    The first four are an ordered scale. CANNOT_SAY is an answer outside it.
    """

    SUPPORT = 0
    SUPPORT_WITH_CHANGES = 1
    NEUTRAL = 2
    OPPOSE = 3
    CANNOT_SAY = 4
    MISSING = 5


ORDERED = (Stance.SUPPORT, Stance.SUPPORT_WITH_CHANGES, Stance.NEUTRAL, Stance.OPPOSE)
ANSWERS = (*ORDERED, Stance.CANNOT_SAY)


@dataclass(frozen=True)
class Divergence:
    """How far groups lie apart, 0 alike to 1 at opposite ends; `pair` are the two farthest."""

    mean: float
    maximum: float
    pair: tuple[int, int]


@dataclass(frozen=True)
class StanceTable:
    """Who holds which stance.

    groups   the names of the rows
    counts   (n_groups, 6): people per Stance, the last column those who gave none
    """

    groups: tuple[str, ...]
    counts: IntArray

    @property
    def ordered(self) -> IntArray:
        """The counts on the ordered scale, (n_groups, 4)."""
        return self.counts[:, list(ORDERED)]

    @property
    def missing(self) -> IntArray:
        """How many of each group gave no stance, (n_groups,)."""
        return self.counts[:, Stance.MISSING]


@dataclass(frozen=True)
class WeightedShares:
    """Shares of the stances among those who stated one, each (5,), or NaN where nobody did.

    They answer two questions and are never averaged: each person counting the same, and each
    group counting the same, whatever its size.
    """

    by_person: FloatArray
    by_group: FloatArray


def agreement_a(counts: ArrayLike) -> float:
    """Return van der Eijk's agreement A of counts on an ordered scale.

    counts   (K,): how many chose each position, in order; K >= 3
    returns  +1 all at one position, 0 spread evenly, -1 half at either end; NaN without answers
    raises   ValueError for fewer than three positions, negative or non-finite counts
    source   van der Eijk 2001, doi:10.1023/A:1010374114305
    """
    rest = np.array(counts, dtype=float)
    if rest.ndim != 1 or len(rest) < 3:
        raise ValueError("agreement needs an ordered scale of three positions or more")
    if not np.isfinite(rest).all() or (rest < 0).any():
        raise ValueError("counts must be finite and not negative")
    total = rest.sum()
    if not total:
        return float("nan")
    agreement = 0.0
    # Peel off layers: each is a pattern of positions that are either empty or equally full.
    while (rest > 0).any():
        present = rest > 0
        layer = rest[present].min()
        agreement += _pattern_agreement(present) * layer * present.sum() / total
        rest[present] -= layer
        rest[rest < 1e-12 * total] = 0
    return float(agreement)


def group_divergence(counts: ArrayLike) -> Divergence:
    """Return how far the stances of groups lie apart: earth mover's distance over all pairs.

    Every group is smoothed by one person spread over the scale, so that a group of two does not
    look extreme; identical shares in groups of different size are therefore not quite 0 apart.

    counts   (n_groups, K): people per position of an ordered scale, K >= 2
    returns  zeros and the pair (0, 0) where there are fewer than two groups
    raises   ValueError for another shape, negative or non-finite counts
    source   Werman, Peleg, Rosenfeld 1985, doi:10.1016/0734-189X(85)90055-6 (closed form on a line)
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError("counts must have a row per group and two positions or more")
    if not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("counts must be finite and not negative")
    positions = table.shape[1]
    shares = (table + 1 / positions) / (table.sum(axis=1, keepdims=True) + 1)
    below = shares.cumsum(axis=1)[:, :-1]
    distances = {
        (a, b): float(np.abs(below[a] - below[b]).sum() / (positions - 1))
        for a, b in combinations(range(len(table)), 2)
    }
    if not distances:
        return Divergence(0.0, 0.0, (0, 0))
    pair = max(distances, key=lambda of: distances[of])
    return Divergence(float(np.mean(list(distances.values()))), distances[pair], pair)


def stance_table(
    stances: Sequence[Stance | None], groups: Sequence[str], *, order: Sequence[str] = ()
) -> StanceTable:
    """Count the stances of people by group.

    stances  one per person; None is Stance.MISSING
    groups   the group of each person
    order    groups that come first, in this order, also where nobody is of them; others follow
             by name
    raises   ValueError if the lengths differ
    """
    names = [*dict.fromkeys(order), *sorted(set(groups) - set(order))]
    number = {name: row for row, name in enumerate(names)}
    counts = np.zeros((len(names), len(Stance)), dtype=np.int64)
    for stance, group in zip(stances, groups, strict=True):
        counts[number[group], Stance.MISSING if stance is None else stance] += 1
    return StanceTable(tuple(names), counts)


def weighted_shares(table: StanceTable) -> WeightedShares:
    """Return both weightings side by side; groups in which nobody stated anything count in none."""
    answers = table.counts[:, list(ANSWERS)].astype(float)
    sizes = answers.sum(axis=1)
    if not sizes.any():
        nobody = np.full(len(ANSWERS), np.nan)
        return WeightedShares(nobody, nobody.copy())
    stated = answers[sizes > 0]
    return WeightedShares(
        by_person=stated.sum(axis=0) / stated.sum(),
        by_group=(stated / stated.sum(axis=1, keepdims=True)).mean(axis=0),
    )


def _pattern_agreement(present: NDArray[np.bool_]) -> float:
    """Return A of a pattern of empty and equally full positions."""
    positions, filled = len(present), int(present.sum())
    if filled == positions:
        return 0.0
    if filled == 1:
        return 1.0
    alike = apart = 0
    for triple in combinations(present.tolist(), 3):
        alike += triple in ((True, True, False), (False, True, True))
        apart += triple == (True, False, True)
    unimodality = (
        ((positions - 2) * alike - (positions - 1) * apart) / ((positions - 2) * (alike + apart))
        if alike + apart
        else 1.0
    )
    return unimodality * (1 - (filled - 1) / (positions - 1))
