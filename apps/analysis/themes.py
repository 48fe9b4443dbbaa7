"""Which themes texts fall into: proposals for people to name, merge, split and sign off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.decomposition import NMF
from threadpoolctl import threadpool_limits

from apps.analysis.features import Features
from apps.analysis.labels import label_terms

FloatArray = NDArray[np.floating[Any]]
IntArray = NDArray[np.signedinteger[Any]]

FEWEST_TEXTS = 12  # below: one theme at most
FEWEST_FOR_ONE = 3
TEXTS_PER_THEME = 6
FIT_ROWS = 4_000  # more texts are placed in themes found on a sample of this size
TRIAL_ROWS = 2_000
TRIAL_SHARE = 0.8
STEPS, TRIAL_STEPS = 100, 30
SWEEPS = 30
LONGEST_SEARCH = 300
TOP_TERMS = 10
GOOD_ENOUGH = 0.7
LEAST_FIT = 0.05
TOO_ALIKE = 0.8
EXEMPLARS = 3
FEWEST_EXAMPLES = 10


@dataclass(frozen=True)
class Themes:
    """Proposed themes, the one with most texts first.

    k            number of themes; 0 where the texts share nothing
    weights      (n_texts, k): length of the part of a text, itself of length 1, that a theme
                 explains; 0..1 save for rounding
    assignment   (n_texts,): the theme of greatest weight, -1 where that is below LEAST_FIT
    terms        per theme: what sets it apart, most telling first, as it is written
    label_terms  per theme: three or four of them that share no word; fewer where there are none
    exemplars    per theme: up to three texts that are closest to it and unlike each other
    stability    by number of themes tried: mean Jaccard index of the top terms of matched themes
                 over all pairs of fits to random 80 % of the texts, 0..1
    """

    k: int
    weights: FloatArray
    assignment: IntArray
    terms: tuple[tuple[str, ...], ...]
    label_terms: tuple[tuple[str, ...], ...]
    exemplars: tuple[tuple[int, ...], ...]
    stability: Mapping[int, float] = field(default_factory=dict)


def propose_themes(
    features: Features,
    *,
    most: int = 8,
    k: int | None = None,
    seeds: int = 5,
    random_state: int = 0,
) -> Themes:
    """Find themes by non-negative matrix factorisation.

    The number of themes is the largest whose stability is at least seven tenths of the best:
    two themes that are one are merged in a minute, one that hides a second stays unseen. More than
    4,000 texts are placed in themes found on a random 4,000, so the cost per text does not rise.

    most          themes at most
    k             fixes their number; themes that no text falls into are still left out
    seeds         fits per number of themes; their pairs give the stability
    random_state  draws the samples; of up to 4,000 texts only those of the stability
    source        Lee, Seung 1999, doi:10.1038/44565; Greene et al. 2014,
                  doi:10.1007/978-3-662-44848-9_32 (stability); Boutsidis, Gallopoulos 2008,
                  doi:10.1016/j.patcog.2007.09.010 (start)
    """
    matrix = features.matrix
    rows = np.flatnonzero(np.diff(matrix.indptr))
    room = min(most, len(rows) // TEXTS_PER_THEME, matrix.shape[1])
    with threadpool_limits(1):
        if len(rows) < FEWEST_TEXTS or (k or room) < 2:
            return _at_most_one(features, rows)
        random = np.random.default_rng(random_state)
        stability: dict[int, float] = {}
        if k is None:
            trial = matrix[_drawn(random, rows, TRIAL_ROWS)]
            stability = {n: _stability(trial, n, seeds, random) for n in range(2, room + 1)}
            k = _prefer(stability)
        parts = _fit(matrix[_drawn(random, rows, FIT_ROWS)], k, steps=STEPS)
        return _describe(features, parts, stability)


def assign_by_examples(features: Features, examples: Mapping[int, Sequence[int]]) -> IntArray:
    """Place every text in the theme whose hand-labelled examples it is closest to.

    Only themes with at least ten examples take part; examples stay where people put them.

    examples  by theme: rows of its examples
    returns   (n_texts,): theme, -1 where nothing is shared with any
    """
    taught = {theme: rows for theme, rows in examples.items() if len(rows) >= FEWEST_EXAMPLES}
    assignment = np.full(features.matrix.shape[0], -1)
    if taught:
        names = np.array(sorted(taught))
        centroids = np.vstack(
            [np.asarray(features.matrix[list(taught[n])].mean(axis=0)).ravel() for n in names]
        )
        with threadpool_limits(1):
            closeness = np.asarray(features.matrix @ _unit(centroids).T)
        fits = closeness.max(axis=1) > 0
        assignment[fits] = names[closeness[fits].argmax(axis=1)]
    for theme, rows in examples.items():
        assignment[list(rows)] = theme
    return assignment


def _at_most_one(features: Features, rows: IntArray) -> Themes:
    """Return one theme of all texts where they are few but share terms, else none."""
    matrix = features.matrix
    shared = np.bincount(matrix.indices, minlength=matrix.shape[1]) > 1
    if len(rows) < FEWEST_FOR_ONE or not shared.any():
        none = np.full(matrix.shape[0], -1)
        return Themes(0, np.zeros((matrix.shape[0], 0)), none, (), (), ())
    centre = np.asarray(matrix.mean(axis=0)).ravel() * shared
    return _describe(features, _unit(centre[None, :]), {})


def _drawn(random: np.random.Generator, rows: IntArray, count: int) -> IntArray:
    if len(rows) <= count:
        return rows
    return np.sort(random.choice(rows, count, replace=False))


def _fit(matrix: sparse.csr_matrix, k: int, *, steps: int) -> FloatArray:
    """Return the themes, no more than there are texts or terms, as rows of length 1 over these."""
    k = min(k, *matrix.shape)
    # A fixed number of steps: the cost is known and nothing depends on when it "converged".
    model = NMF(k, init="nndsvd", random_state=0, max_iter=steps, tol=0)
    return _unit(model.fit(matrix).components_)


def _stability(matrix: sparse.csr_matrix, k: int, seeds: int, random: np.random.Generator) -> float:
    """Return how alike the top terms of themes are that were fitted to different texts."""
    every = np.arange(matrix.shape[0])
    tops = []
    for _seed in range(seeds):
        some = matrix[_drawn(random, every, max(k, round(TRIAL_SHARE * len(every))))]
        parts = _fit(some, k, steps=TRIAL_STEPS)
        top = np.zeros(parts.shape, dtype=np.float32)
        best = np.argsort(-parts, axis=1, kind="stable")[:, :TOP_TERMS]
        np.put_along_axis(top, best, 1, axis=1)
        tops.append(top)
    return float(np.mean([_matched(a, b) for a, b in combinations(tops, 2)] or [1.0]))


def _matched(one: FloatArray, other: FloatArray) -> float:
    """Return the mean Jaccard index of sets of terms under their best matching."""
    common = one @ other.T
    alike = common / (one.sum(axis=1)[:, None] + other.sum(axis=1)[None, :] - common)
    return float(alike[linear_sum_assignment(-alike)].mean())


def _prefer(stability: Mapping[int, float]) -> int:
    enough = GOOD_ENOUGH * max(stability.values())
    return max(k for k, value in stability.items() if value >= enough)


def _describe(features: Features, parts: FloatArray, stability: Mapping[int, float]) -> Themes:
    """Place all texts, order themes by size, and say what each is about."""
    weights = _weights(features.matrix, parts)
    assignment = _assign(weights)
    sizes = np.bincount(assignment[assignment >= 0], minlength=len(parts))
    order = [n for n in np.argsort(-sizes, kind="stable") if sizes[n]]
    parts, weights = parts[order], weights[:, order]
    telling = parts * parts**2 / np.maximum((parts**2).sum(axis=0), 1e-12)
    ranked = np.argsort(-telling, axis=1, kind="stable")
    assignment = _assign(weights)
    return Themes(
        k=len(order),
        weights=weights,
        assignment=assignment,
        terms=tuple(
            tuple(features.surfaces[c] for c in ranked[n, :TOP_TERMS] if telling[n, c] > 0)
            for n in range(len(order))
        ),
        label_terms=tuple(
            label_terms(features, ranked[n].tolist(), telling[n, ranked[n]].tolist())
            for n in range(len(order))
        ),
        exemplars=tuple(
            _exemplars(features.matrix, np.flatnonzero(assignment == n), parts[n])
            for n in range(len(order))
        ),
        stability=stability,
    )


def _weights(matrix: sparse.csr_matrix, parts: FloatArray) -> FloatArray:
    """Return the non-negative weights of given themes that explain each text best.

    Coordinate descent on all texts at once; every sweep solves for one theme exactly.
    """
    closeness = np.asarray(matrix @ parts.T, dtype=np.float64)
    overlap = (parts @ parts.T).astype(np.float64)
    weights = closeness.copy()
    for _sweep in range(SWEEPS):
        for n in range(len(parts)):
            others = weights @ overlap[n] - weights[:, n] * overlap[n, n]
            weights[:, n] = np.maximum(0, (closeness[:, n] - others) / max(overlap[n, n], 1e-12))
    return weights


def _assign(weights: FloatArray) -> IntArray:
    if not weights.shape[1]:
        return np.full(len(weights), -1)
    return np.where(weights.max(axis=1) >= LEAST_FIT, weights.argmax(axis=1), -1)


def _exemplars(matrix: sparse.csr_matrix, members: IntArray, part: FloatArray) -> tuple[int, ...]:
    """Return up to three members that are closest to the theme and unlike each other."""
    closeness = np.asarray(matrix[members] @ part)
    order = members[np.argsort(-closeness, kind="stable")]
    chosen: list[int] = []
    for row in order[:LONGEST_SEARCH]:
        if not chosen or (matrix[chosen] @ matrix[[row]].T).max() < TOO_ALIKE:
            chosen.append(int(row))
        if len(chosen) == EXEMPLARS:
            break
    return tuple(chosen)


def _unit(rows: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)
