"""Which few terms name a theme."""

from collections.abc import Sequence
from itertools import pairwise

from apps.analysis.features import Features
from apps.analysis.language import separates_words
from apps.analysis.stopwords import vague_words

MOST_LABELS = 4
CANDIDATES = 60
NEARLY_AS_TELLING = 0.4
WEAKEST = 0.25  # of the first: a name of one good term is better than of four poor ones
FEWEST_LABELS = 3


def label_terms(
    features: Features, ranked: Sequence[int], scores: Sequence[float]
) -> tuple[str, ...]:
    """Return up to four terms that share no word, as written, the most telling first.

    A word gives way to the longest phrase around it that is nearly as telling as its weakest part. Numbers and words
    that name no theme ("important", "provide") do not stand alone.

    ranked  columns of the features, most telling first
    scores  how telling each is, in the same order
    """
    telling = dict(zip(ranked[:CANDIDATES], scores, strict=False))
    parts = {column: _parts(features.terms[column]) for column in telling}
    chosen: list[int] = []
    for column in telling:
        if len(chosen) == MOST_LABELS or (
            len(chosen) >= FEWEST_LABELS and telling[column] < WEAKEST * telling[chosen[0]]
        ):
            break
        phrase = _widest(column, telling, parts)
        taken = set().union(*(parts[c] for c in chosen))
        if not parts[phrase] & taken and _names(features.surfaces[phrase], features.language):
            chosen.append(phrase)
    return tuple(features.surfaces[column] for column in chosen)


def _parts(term: str) -> frozenset[str]:
    """Return what two terms must not share: stems or, inside one dense run, pairs of characters."""
    words = term.split()
    if len(words) > 1 or term.isascii() or separates_words(term):
        return frozenset(words)
    return frozenset(a + b for a, b in pairwise(term))


def _widest(column: int, telling: dict[int, float], parts: dict[int, frozenset[str]]) -> int:
    around = [
        other
        for other in telling
        if parts[other] > parts[column]
        and telling[other]
        >= NEARLY_AS_TELLING * min(telling[part] for part in telling if parts[part] < parts[other])
    ]
    return max(around, key=lambda other: (len(parts[other]), telling[other]), default=column)


def _names(surface: str, language: str) -> bool:
    vague = vague_words(language)
    words = surface.lower().replace("-", " ").split()
    return any(not word.isdigit() and word not in vague for word in words)
