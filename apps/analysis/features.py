"""What texts are about, as weighted terms: TF-IDF over stems and their neighbours."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from apps.analysis.words import (
    ARTICLE,
    BREAK,
    DENSE,
    LINK,
    NUMBER,
    STOP,
    WORD,
    Tokens,
    classify,
    join,
    tokenize,
)

IntArray = NDArray[np.signedinteger[Any]]
BoolArray = NDArray[np.bool_]

MOST_TERMS = 20_000
MOST_SHARE = 0.4  # of the texts; a term in more of them sets none apart
FEWEST_FOR_SHARE = 12
WIDEST_GAP = 3  # at most two function words inside a phrase: "freedom of the press"
LONGEST_DENSE = 4
INSIDE = 4  # what a spelling inside a sentence counts against one at its start
SPELLINGS_READ = 15  # places looked at to learn how a term is written


@dataclass(frozen=True)
class Features:
    """Texts as weighted terms.

    matrix    (n_texts, n_terms) float32: TF-IDF, rows of length 1 or, without any term, all zero
    terms     stems, joined by spaces (by nothing where words do not separate), in sorted order
    surfaces  each term as it is most often written: "freedom of the press", "COVID-19"
    language  the tag whose stop words and stemmer were used
    """

    matrix: sparse.csr_matrix
    terms: tuple[str, ...]
    surfaces: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class _Run:
    """The tokens that carry meaning, in order; one entry per token.

    stems   number of its stem, equal for all its forms
    kinds   WORD, NUMBER or DENSE
    rows    text it stands in
    places  its place among all tokens
    phrase  number of its phrase: it changes where no pair may run across
    opens   it follows a break, so a capital says nothing about it
    bound   a hyphen binds it to the token before, so no phrase starts with it
    """

    stems: IntArray
    kinds: IntArray
    rows: IntArray
    places: IntArray
    phrase: IntArray
    opens: BoolArray
    bound: BoolArray


@dataclass(frozen=True)
class _Gram:
    """All places of all phrases of one length that are frequent enough.

    starts   (n_places,): index into the run of the first token
    ids      (n_places,): which phrase it is
    members  (n_phrases, length): its stems
    """

    starts: IntArray
    ids: IntArray
    members: IntArray


def text_features(
    texts: Sequence[str],
    *,
    language: str = "en",
    least: int | None = None,
    most_share: float = MOST_SHARE,
    most_terms: int = MOST_TERMS,
) -> Features:
    """Return TF-IDF features of texts: stems and pairs of neighbouring stems.

    Pairs may hold up to two function words between them and never run across punctuation. Where
    words do not separate, runs of two to four characters stand for words; both may occur in one
    text. Term frequency is 1 + ln(tf), inverse document frequency ln((1 + n) / (1 + df)) + 1.

    language    tag of the stop words and the stemmer; without either only rarity weighs
    least       texts a term must occur in; by default 2 and one more per 2,000 texts, 25 at most
                (1 below 6 texts)
    most_share  terms in a larger share of the texts are left out (not below 12 texts)
    most_terms  keeps the terms of most texts, which bounds memory
    """
    with threadpool_limits(1):
        tokens = tokenize(texts, language=language)
        kinds, stems = classify(tokens.written, language=language)
        run, vocabulary = _meaningful(tokens, kinds, stems)
        fewest = least if least is not None else _least(len(texts))
        grams = _grams(run, fewest)
        counts = _counts(run, grams, len(texts))
        share = most_share if len(texts) >= FEWEST_FOR_SHARE else 1.0
        keep = _frequent(counts, fewest, share * len(texts), most_terms)
        named = _names(grams, vocabulary)
        order = keep[np.argsort([named[column] for column in keep], kind="stable")]
        surfaces = _surfaces(tokens, run, grams, order)
        matrix = _weigh(counts[:, order])
    terms = tuple(named[column] for column in order)
    return Features(matrix, terms, tuple(surfaces), language)


def _least(count: int) -> int:
    return 1 if count < 6 else min(25, 2 + count // 2_000)


def _meaningful(
    tokens: Tokens, kinds: Sequence[int], stems: Sequence[str]
) -> tuple[_Run, list[str]]:
    """Drop what carries no meaning and number the stems."""
    numbers: dict[str, int] = {}
    numbered = [numbers.setdefault(stem, len(numbers)) for stem in stems]
    stem_of = np.array(numbered, dtype=np.int32)
    kind = np.array(kinds, dtype=np.int8)[tokens.ids]
    hyphened = np.array([form.endswith("-") for form in tokens.written], dtype=bool)
    places = np.flatnonzero((kind == WORD) | (kind == NUMBER) | (kind == DENSE))
    # A function word parts two phrases unless it ties them: "of the" does, "the" alone does not.
    parts = (kind == BREAK) | (kind == STOP) | ((kind == ARTICLE) & (np.roll(kind, 1) != LINK))
    phrase = np.cumsum(parts, dtype=np.int32)
    return _Run(
        stems=stem_of[tokens.ids[places]],
        kinds=kind[places],
        rows=np.searchsorted(tokens.ends, places, side="right").astype(np.int32),
        places=places,
        phrase=phrase[places],
        opens=np.roll(kind == BREAK, 1)[places],
        bound=np.roll(hyphened[tokens.ids], 1)[places],
    ), list(numbers)


def _grams(run: _Run, least: int) -> list[_Gram]:
    """Return frequent words, pairs of words, and runs of two to four dense characters.

    A phrase can be no more frequent than its beginning, so only frequent ones are made longer.
    """
    every = np.arange(len(run.stems), dtype=np.int32)
    single = _gram(every, run.stems, run.stems[:, None], least)
    grams = [
        _select(single, run.kinds[single.starts] == WORD),
        _longer(run, _select(single, run.kinds[single.starts] == WORD), least),
    ]
    dense = _select(single, run.kinds[single.starts] == DENSE)
    for _length in range(2, LONGEST_DENSE + 1):
        dense = _longer(run, dense, least)
        grams.append(dense)
    return grams


def _gram(starts: IntArray, keys: IntArray, members: IntArray, least: int) -> _Gram:
    """Keep the places of keys that occur often enough and number them anew."""
    _, first, ids, count = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    often = count >= least
    number = np.cumsum(often, dtype=np.int32) - 1
    at = often[ids]
    return _Gram(starts[at], number[ids[at]], members[first[often]])


def _select(gram: _Gram, at: BoolArray) -> _Gram:
    kept, ids = np.unique(gram.ids[at], return_inverse=True)
    return _Gram(gram.starts[at], ids.astype(np.int32), gram.members[kept])


def _longer(run: _Run, gram: _Gram, least: int) -> _Gram:
    """Extend phrases by the token that follows, where it belongs to the same phrase."""
    length = gram.members.shape[1]
    inside = gram.starts + length < len(run.stems)
    starts, ids = gram.starts[inside], gram.ids[inside]
    last, following = starts + length - 1, starts + length
    gap = run.places[following] - run.places[last]
    dense = run.kinds[following] == DENSE
    fits = (run.phrase[last] == run.phrase[following]) & (dense == (run.kinds[last] == DENSE))
    fits &= gap <= np.where(dense, 1, WIDEST_GAP)
    fits &= ~run.bound[starts]
    # "page 5" after "of the" is no name; "Section 1557" is.
    fits &= (run.kinds[following] != NUMBER) | (gap == 1)
    starts, ids, following = starts[fits], ids[fits], following[fits]
    stems = run.stems[following]
    keys = ids.astype(np.int64) * (int(run.stems.max(initial=0)) + 1) + stems
    return _gram(starts, keys, np.column_stack([gram.members[ids], stems]), least)


def _counts(run: _Run, grams: Sequence[_Gram], n_texts: int) -> sparse.csr_matrix:
    """Return how often each phrase of each length occurs in each text."""
    offsets = np.cumsum([0, *(len(gram.members) for gram in grams)])
    rows = np.concatenate([run.rows[gram.starts] for gram in grams])
    columns = np.concatenate(
        [gram.ids + np.int32(offset) for gram, offset in zip(grams, offsets, strict=False)]
    )
    ones = np.ones(len(rows), dtype=np.float32)
    return sparse.csr_matrix((ones, (rows, columns)), shape=(n_texts, int(offsets[-1])))


def _frequent(counts: sparse.csr_matrix, least: int, most: float, limit: int) -> IntArray:
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    keep = np.flatnonzero((frequency >= least) & (frequency <= most))
    if len(keep) > limit:
        keep = np.sort(keep[np.argsort(-frequency[keep], kind="stable")[:limit]])
    return keep


def _names(grams: Sequence[_Gram], vocabulary: Sequence[str]) -> list[str]:
    """Return the term of every column."""
    names = []
    for number, gram in enumerate(grams):
        between = " " if number < 2 else ""
        names += [between.join(vocabulary[s] for s in stems) for stems in gram.members.tolist()]
    return names


def _surfaces(tokens: Tokens, run: _Run, grams: Sequence[_Gram], columns: IntArray) -> list[str]:
    """Return how each column is most often written, by an even sample of its places."""
    wanted = np.full(sum(len(gram.members) for gram in grams), -1)
    wanted[columns] = np.arange(len(columns))
    seen: dict[int, Counter[tuple[int, ...]]] = defaultdict(Counter)
    offset = 0
    for gram in grams:
        length = gram.members.shape[1]
        number = wanted[gram.ids + offset]
        places = np.flatnonzero(number >= 0)
        for at in places[_sample(number[places])].tolist():
            first = gram.starts[at]
            start = run.places[first]
            end = run.places[first + length - 1] + 1
            seen[int(number[at])][tuple(tokens.ids[start:end].tolist())] += (
                1 if run.opens[first] else INSIDE
            )
        offset += len(gram.members)
    return [_most_written(seen[number], tokens.written) for number in range(len(columns))]


def _most_written(seen: Counter[tuple[int, ...]], written: Sequence[str]) -> str:
    """Return the most frequent spelling; case is decided after the word has been."""
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for forms, count in seen.items():
        text = join(written[form] for form in forms)
        spelled[text.lower()][text] += count
    best = min(spelled, key=lambda text: (-spelled[text].total(), text))
    return min(spelled[best], key=lambda text: (-spelled[best][text], text.swapcase()))


def _sample(numbers: IntArray) -> IntArray:
    """Return at most SPELLINGS_READ evenly spread places of each number."""
    order = np.argsort(numbers, kind="stable")
    _, first, count = np.unique(numbers[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(first, count)
    step = np.repeat(-(-count // SPELLINGS_READ), count)
    return order[rank % step == 0]


def _weigh(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Turn counts into TF-IDF with rows of length 1."""
    matrix = sparse.csr_matrix(counts, dtype=np.float32)
    matrix.sort_indices()
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    rarity = np.log((1 + matrix.shape[0]) / (1 + frequency)) + 1
    weights = (1 + np.log(matrix.data)) * rarity[matrix.indices]
    lengths = np.sqrt(np.bincount(_row_of(matrix), weights**2, minlength=matrix.shape[0]))
    matrix.data = (weights / lengths[_row_of(matrix)]).astype(np.float32)
    return matrix


def _row_of(matrix: sparse.csr_matrix) -> IntArray:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
