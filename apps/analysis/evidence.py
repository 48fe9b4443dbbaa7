"""Which texts stand for what each stakeholder group said."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

TOO_ALIKE = 0.8
SAME = 1 - 1e-6
UNANSWERED = 0.15  # best cosine with a pick; below, a text says something no pick says
KINDRED = 0.25  # cosine of two texts that make the same point
SMALLEST_DISSENT = 2
LEADERS = 512
EVENNESS = 0.5


@dataclass(frozen=True)
class Evidence:
    """Picks of each group, and how well they stand for everybody.

    picks                 rows by group code, in the order they were chosen
    gains                 by group code: what each pick added to the objective, per sqrt(length)
    dissent               by group code: a row that speaks for the largest cluster of its group
                          that no pick speaks for; groups without such a cluster are absent
    group_coverage        by group code: mean over its rows of the best cosine with any pick, 0..1
    coverage              the same mean over all rows
    worst_group_coverage  the smallest of group_coverage
    redundancy, max_pair  mean and largest cosine between two picks of any groups

    Rows without features are in no figure. The figures leave the dissent rows out, so that a
    larger quota never lowers coverage.
    """

    picks: dict[int, IntArray]
    gains: dict[int, FloatArray]
    dissent: dict[int, int]
    group_coverage: dict[int, float]
    coverage: float
    worst_group_coverage: float
    redundancy: float
    max_pair: float


def select_evidence(
    features: sparse.csr_matrix,
    groups: IntArray,
    *,
    quota: int | Mapping[int, int],
    lengths: FloatArray | None = None,
    candidates: BoolArray | None = None,
    dissent: IntArray | None = None,
) -> Evidence:
    """Choose for each group the texts that cover what it says, whatever the size of the group.

    Maximises, for each group g by itself, sum_t w_gt * sqrt(sum of x_it over its picks), with
    w_gt = mass_gt^0.5 * (0.5 + mass_gt / mass_t): what the group says often and what sets it apart.
    Greedy, each gain divided by the square root of the text's length. A row more than 0.8 similar
    (cosine) to a pick of its group is taken only when nothing else is left to meet the quota; a
    row of the same direction never. One more row speaks for those the picks do not (_speaker).

    features    (n, terms): non-negative weights such as TF-IDF
    groups      (n,): code of the stakeholder group of each row; negative is none, never picked
    quota       picks per group; a group that a mapping does not name gets none
    lengths     (n,): in any unit; without it the number of terms of a row
    candidates  (n,): rows that may be picked; all others still weigh and have to be covered
    dissent     (n,): code of a cluster or stance of each row, negative for none
    raises      ValueError for negative or non-finite features, or arrays of other lengths
    source      Lin, Bilmes 2011, A Class of Submodular Functions for Document Summarization
    """
    task = _prepare(features, groups, lengths, candidates)
    mass = np.asarray(task.features.sum(axis=0)).ravel()
    picks: dict[int, IntArray] = {}
    gains: dict[int, FloatArray] = {}
    apart: dict[int, int] = {}
    for group in np.unique(task.groups[task.groups >= 0]).tolist():
        number = quota.get(group, 0) if isinstance(quota, Mapping) else quota
        cover = _Cover.of(task, group, mass)
        picks[group], gains[group] = cover.pick(number)
        speaker = _speaker(task, cover, dissent) if number > 0 else None
        if speaker is not None:
            apart[group] = speaker
    return _published(task, picks, gains, apart)


def uncited_share(stances: IntArray, picks: Sequence[int] | IntArray) -> dict[int, float]:
    """Return for each stance the share of its rows that no pick quotes, 0..1.

    stances  (n,): code of each row; negative is missing, which is no stance and not reported
    picks    rows that are quoted, of any group; repeats count once
    """
    is_cited = np.zeros(len(stances), bool)
    is_cited[np.asarray(picks, np.int64)] = True
    return {
        int(stance): float(1 - is_cited[stances == stance].mean())
        for stance in np.unique(stances[stances >= 0])
    }


@dataclass(frozen=True)
class _Task:
    """The input, checked, with rows of length one beside the rows as they came."""

    features: sparse.csr_matrix
    unit: sparse.csr_matrix
    groups: IntArray
    root_length: FloatArray
    is_candidate: BoolArray


def _prepare(
    features: sparse.csr_matrix,
    groups: IntArray,
    lengths: FloatArray | None,
    candidates: BoolArray | None,
) -> _Task:
    rows = sparse.csr_matrix(features, dtype=np.float64)
    rows.sum_duplicates()
    rows.eliminate_zeros()
    groups = np.asarray(groups, np.int64)
    terms = np.diff(rows.indptr)
    if lengths is None:
        lengths = terms.astype(np.float64)
    if candidates is None:
        candidates = np.ones(len(terms), bool)
    if not len(groups) == len(lengths) == len(candidates) == len(terms):
        raise ValueError("features, groups, lengths and candidates must have a row each")
    if len(rows.data) and not (np.isfinite(rows.data).all() and rows.data.min() > 0):
        raise ValueError("features must be finite and not negative")
    norm = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    unit = rows.copy()
    unit.data /= np.repeat(norm, terms)
    root_length = np.sqrt(np.maximum(lengths, 1.0))
    return _Task(rows, unit, groups, root_length, candidates & (terms > 0))


@dataclass
class _Cover:
    """What the picks of one group cover so far."""

    task: _Task
    rows: IntArray
    weight: FloatArray
    covered: FloatArray
    direction: FloatArray  # scratch: one unit row spread over all terms
    picks: list[int] = field(default_factory=list)
    gains: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, task: _Task, group: int, mass: FloatArray) -> "_Cover":
        rows = np.flatnonzero(task.groups == group)
        own = np.asarray(task.features[rows].sum(axis=0)).ravel()
        share = np.divide(own, mass, out=np.zeros_like(own), where=mass > 0)
        weight = own**EVENNESS * (0.5 + share)
        return cls(task, rows, weight, np.zeros_like(own), np.zeros_like(own))

    def pick(self, number: int) -> tuple[IntArray, FloatArray]:
        """Pick greedily; near-copies only where nothing else is left."""
        waiting = self._queue(self.rows[self.task.is_candidate[self.rows]])
        for limit in (TOO_ALIKE, SAME):
            waiting = self._pick_below(limit, waiting, number)
        return np.array(self.picks, np.int64), np.array(self.gains, np.float64)

    def gain(self, row: int) -> float:
        start, end = self.task.features.indptr[row : row + 2]
        terms, values = self.task.features.indices[start:end], self.task.features.data[start:end]
        before = self.covered[terms]
        added = self.weight[terms] @ (np.sqrt(before + values) - np.sqrt(before))
        return float(added / self.task.root_length[row])

    def _queue(self, rows: IntArray) -> list[tuple[float, int]]:
        gains = self.task.features[rows].sqrt() @ self.weight / self.task.root_length[rows]
        waiting = list(zip((-gains).tolist(), rows.tolist(), strict=True))
        heapq.heapify(waiting)
        return waiting

    def _pick_below(
        self, limit: float, waiting: list[tuple[float, int]], number: int
    ) -> list[tuple[float, int]]:
        """Take the best rows until the quota is met; return those that were too alike.

        A gain only falls as picks are added, so the row on top is the best as soon as its gain is
        the present one (Minoux 1978).
        """
        alike: list[tuple[float, int]] = []
        while waiting and len(self.picks) < number:
            row = waiting[0][1]
            present = (-self.gain(row), row)
            if len(waiting) > 1 and present > min(waiting[1:3]):
                heapq.heapreplace(waiting, present)
                continue
            heapq.heappop(waiting)
            if self._likeness(row) > limit:
                alike.append(present)
            else:
                self._take(row, -present[0])
        heapq.heapify(alike)
        return alike

    def _likeness(self, row: int) -> float:
        """Return the largest cosine of a row with the picks."""
        unit = self.task.unit
        start, end = unit.indptr[row : row + 2]
        terms = unit.indices[start:end]
        self.direction[terms] = unit.data[start:end]
        best = 0.0
        for pick in self.picks:
            start, end = unit.indptr[pick : pick + 2]
            best = max(best, float(self.direction[unit.indices[start:end]] @ unit.data[start:end]))
        self.direction[terms] = 0.0
        return best

    def _take(self, row: int, gain: float) -> None:
        start, end = self.task.features.indptr[row : row + 2]
        self.covered[self.task.features.indices[start:end]] += self.task.features.data[start:end]
        self.picks.append(row)
        self.gains.append(gain)


def _speaker(task: _Task, cover: _Cover, clusters: IntArray | None) -> int | None:
    """Return the row that speaks for the largest cluster of a group that no pick speaks for.

    Of the group's rows whose best cosine with its picks is below 0.15, it is the one with the most
    others within 0.25, if that makes two rows or more; 512 evenly spaced rows are considered. Of
    given clusters it is the largest without a pick, and the row in it that would gain most.
    """
    rows = cover.rows[np.diff(task.unit.indptr)[cover.rows] > 0]
    if clusters is not None:
        spoken = clusters[cover.picks]
        rows = rows[(clusters[rows] >= 0) & ~np.isin(clusters[rows], spoken)]
        return _largest_cluster(task, cover, rows, clusters)
    unit = task.unit[rows]
    rows = rows[_best(unit, task.unit[cover.picks]) < UNANSWERED]
    may_speak = rows[task.is_candidate[rows]]
    leaders = may_speak[:: max(1, -(-len(may_speak) // LEADERS))]
    if not len(leaders):
        return None
    kindred = sparse.csr_matrix(task.unit[leaders] @ task.unit[rows].T)
    kindred.data[kindred.data < KINDRED] = 0.0
    kindred.eliminate_zeros()
    size = np.diff(kindred.indptr)
    closeness = np.asarray(kindred.sum(axis=1)).ravel()
    best = np.lexsort((-closeness, -size))[0]
    return int(leaders[best]) if size[best] >= SMALLEST_DISSENT else None


def _largest_cluster(task: _Task, cover: _Cover, rows: IntArray, clusters: IntArray) -> int | None:
    codes, counts = np.unique(clusters[rows], return_counts=True)
    for code in codes[np.argsort(-counts, kind="stable")]:
        able = rows[(clusters[rows] == code) & task.is_candidate[rows]]
        if len(able):
            return int(max(able.tolist(), key=cover.gain))
    return None


def _best(unit: sparse.csr_matrix, picked: sparse.csr_matrix) -> FloatArray:
    """Return the best cosine of each row with a pick; block by block, never n by n."""
    best = np.zeros(unit.shape[0])
    if not picked.shape[0]:
        return best
    turned = picked.T.tocsr()
    for start in range(0, unit.shape[0], 4096):
        block = unit[start : start + 4096] @ turned
        best[start : start + 4096] = block.max(axis=1).toarray().ravel()
    return np.minimum(best, 1.0)


def _published(
    task: _Task,
    picks: dict[int, IntArray],
    gains: dict[int, FloatArray],
    apart: dict[int, int],
) -> Evidence:
    every = np.concatenate([np.zeros(0, np.int64), *picks.values()])
    picked = task.unit[every]
    counted = np.flatnonzero((np.diff(task.unit.indptr) > 0) & (task.groups >= 0))
    best = _best(task.unit[counted], picked)
    codes = task.groups[counted]
    by_group = {int(group): float(best[codes == group].mean()) for group in np.unique(codes)}
    pairs = (picked @ picked.T).toarray()[np.triu_indices(len(every), 1)]
    return Evidence(
        picks=picks,
        gains=gains,
        dissent=apart,
        group_coverage=by_group,
        coverage=float(best.mean()) if len(best) else 0.0,
        worst_group_coverage=min(by_group.values(), default=0.0),
        redundancy=float(pairs.mean()) if len(pairs) else 0.0,
        max_pair=float(min(pairs.max(), 1.0)) if len(pairs) else 0.0,
    )
