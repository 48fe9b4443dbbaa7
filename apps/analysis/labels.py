"""Which few terms name a theme."""

from collections.abc import Sequence
from itertools import pairwise

from apps.analysis.features import Features
from apps.analysis.language import separates_words
from apps.analysis.stopwords import vague_words

MOST_LABELS = 4
CANDIDATES = 60
FIRST = 15
AS_TELLING_AS_WORD, AS_TELLING_AS_WEAKEST = 0.5, 0.6
WEAKEST = 0.25  # of the first: a name of one good term is better than of four poor ones
FEWEST_LABELS = 3


def label_terms(
    features: Features, ranked: Sequence[int], scores: Sequence[float]
) -> tuple[str, ...]:
    """Return up to four terms that share no word, as written, the most telling first.

    A word gives way to the longest phrase around it that is nearly as telling: as the word, or as
    the weaker of its words where both are telling. Numbers do not stand alone, and no term ends
    in a word that names no theme ("important", "provide").

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
    first = list(telling)[:FIRST]

    def bar(phrase: int) -> float:
        words = [telling[word] for word in first if parts[word] < parts[phrase]]
        weakest = min(words) if len(words) >= len(parts[phrase]) else telling[column]
        return min(AS_TELLING_AS_WORD * telling[column], AS_TELLING_AS_WEAKEST * weakest)

    around = [
        phrase
        for phrase in telling
        if parts[phrase] > parts[column] and telling[phrase] >= bar(phrase)
    ]
    return max(around, key=lambda phrase: (len(parts[phrase]), telling[phrase]), default=column)


def _names(surface: str, language: str) -> bool:
    vague = vague_words(language)
    words = surface.lower().replace("-", " ").split()
    # "access to high" is the front half of a longer phrase.
    return words[-1] not in vague and any(not word.isdigit() for word in words)
