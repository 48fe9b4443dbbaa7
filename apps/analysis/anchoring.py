"""Finds a quoted phrase again in a text that changed: exact, with changed words, or not at all.

A phrase is kept as the W3C Web Annotation Data Model keeps one (TextQuoteSelector and
TextPositionSelector, https://www.w3.org/TR/annotation-model/#selectors): its exact words, what
stood before and after them, and where it began.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

CONTEXT = 48  # characters kept before and after a phrase
SHORTEST_CHANGED = 12  # characters: a shorter phrase is near too much, it is found exactly or not
LIKENESS = 82.0  # per cent that changed words must share, as rapidfuzz counts it
LIKENESS_IN_PLACE = 60.0  # where what stands around them did not change, less is enough
LIKENESS_ELSEWHERE = 90.0  # in another provision more is asked for
CONTEXT_ELSEWHERE = 60.0  # or, of a short phrase that stands there exactly, of what is around it
CONTEXT_IN_PLACE = 75.0
LONG_ENOUGH = 24  # characters that identify themselves
MOST_PLACES = 5  # of words that stand in many places, those most alike are looked at
LONGEST_TEXT = 50_000  # characters in which changed words are looked for
_QUOTES = {"'": "['’‘ʼ]", "’": "['’‘ʼ]", '"': '["“”„«»]', "“": '["“”„«»]', "”": '["“”„«»]'}
_EMPHASIS = "*_`~"
# Emphasis; a link around its words; what makes a line an item, a heading or a quotation.
_MARKS = re.compile(
    r"[*_`~]+|\[(?=[^\[\]\n]{1,300}\]\([^()\s]{1,500}\))|\]\([^()\s]{1,500}\)"
    r"|^[ \t]{0,20}(?:[-+>]|#{1,6}|\d{1,3}[.)])[ \t]+",
    re.MULTILINE,
)
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Phrase:
    """Exact words of a text, what stood around them, and the character they began at."""

    quote: str
    prefix: str = ""
    suffix: str = ""
    start: int = 0


@dataclass(frozen=True)
class Found:
    """Where a phrase stands: which of the texts, its span in it, and whether word for word."""

    place: int
    start: int
    end: int
    is_exact: bool


def occurrences(quote: str, text: str) -> list[tuple[int, int]]:
    """Return the spans at which words stand in a text, whatever white space and quote marks.

    Where they stand nowhere they are looked for as a page shows them, without marks of Markdown:
    who copies words from a page copies none. The spans are those of the text all the same.
    """
    if spans := _spans(quote, text):
        return spans
    kept, shown = _without_marks(text)
    if shown == text and not _MARKS.search(quote):
        return []
    return [
        _with_marks(text, kept[start], kept[end - 1] + 1)
        for start, end in _spans(_MARKS.sub("", quote), shown)
    ]


def _spans(quote: str, text: str) -> list[tuple[int, int]]:
    tokens = quote.split()
    if not tokens:
        return []
    pattern = r"\s+".join("".join(_QUOTES.get(c, re.escape(c)) for c in one) for one in tokens)
    return [match.span() for match in re.finditer(pattern, text)]


@lru_cache(maxsize=256)  # a document's points are looked for in the same few texts
def _without_marks(text: str) -> tuple[Sequence[int], str]:
    """Return the places of the characters of a text that a page shows, and these characters."""
    kept: list[int] = []
    last = 0
    for mark in _MARKS.finditer(text):
        kept.extend(range(last, mark.start()))
        last = mark.end()
    kept.extend(range(last, len(text)))
    return kept, "".join(text[place] for place in kept)


def _with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span by the mark that closes, or opens, what begins or ends inside of it."""
    after = text[end : end + len(text[end:]) - len(text[end:].lstrip(_EMPHASIS))]
    if after and text[start:end].count(after) % 2:
        end += len(after)
    before = text[len(text[:start].rstrip(_EMPHASIS)) : start]
    if before and text[start:end].count(before) % 2:
        start -= len(before)
    return start, end


def phrase_at(text: str, start: int, end: int) -> Phrase:
    """Return the phrase that a span of a text is."""
    return Phrase(
        text[start:end], text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT], start
    )


def locate(
    phrase: Phrase, text: str, others: Sequence[str] = (), *, before: str = ""
) -> Found | None:
    """Return where a phrase stands today; None where it stands nowhere any more.

    First word for word in the text it was about, of several places the one whose surroundings are
    most alike, then the nearest; then there with changed words; then the same in the others, where
    more is asked for, so that a common phrase of another provision is not taken for it.

    text     what the phrase was about, as it reads today; "" where that is gone
    others   the other texts of the same document
    before   what `text` read when the phrase was chosen: a place that is more like another of its
             places was that one, and is not taken for this
    returns  `place` 0 for `text`, n for the n-th of `others`
    """
    rivals = [
        phrase_at(before, *span)
        for span in occurrences(phrase.quote, before)
        if span[0] != phrase.start
    ]
    if best := _exact(phrase, text, rivals):
        return Found(0, *best, is_exact=True)
    is_elsewhere_there = bool(occurrences(phrase.quote, text))  # its other places are not near it
    if not is_elsewhere_there and (near := _changed(phrase, text, LIKENESS)):
        return Found(0, *near, is_exact=False)
    candidates = []
    for place, other in enumerate(others, 1):
        span = _exact(phrase, other)
        if span and (len(phrase.quote) >= LONG_ENOUGH or _around(phrase, other, span) >= _ENOUGH):
            candidates.append((-_around(phrase, other, span), place, span))
    if candidates:
        _rank, place, span = min(candidates)
        return Found(place, *span, is_exact=True)
    for place, other in enumerate(others if len(phrase.quote) >= LONG_ENOUGH else (), 1):
        if near := _changed(phrase, other, LIKENESS_ELSEWHERE):
            return Found(place, *near, is_exact=False)
    return None


def _exact(phrase: Phrase, text: str, rivals: Sequence[Phrase] = ()) -> tuple[int, int] | None:
    ranked = sorted(
        (-_around(phrase, text, span), abs(span[0] - phrase.start), span)
        for span in occurrences(phrase.quote, text)
    )
    for minus_around, _distance, span in ranked[:MOST_PLACES]:
        if all(_around(rival, text, span) <= -minus_around for rival in rivals):
            return span
    return None


def _around(phrase: Phrase, text: str, span: tuple[int, int]) -> float:
    """Return how alike the surroundings are, 0 to 200: half for what is before, half for after."""
    here = phrase_at(text, *span)
    return fuzz.ratio(phrase.prefix, here.prefix) + fuzz.ratio(phrase.suffix, here.suffix)


_ENOUGH = 2 * CONTEXT_ELSEWHERE
_IN_PLACE = 2 * CONTEXT_IN_PLACE


def _changed(phrase: Phrase, text: str, likeness: float) -> tuple[int, int] | None:
    """Return the stretch of a text most like the phrase, on whole words; None where none is."""
    if len(phrase.quote) < SHORTEST_CHANGED or not 0 < len(text) <= LONGEST_TEXT:
        return None
    found = fuzz.partial_ratio_alignment(phrase.quote, text, score_cutoff=LIKENESS_IN_PLACE)
    if found is None or len(text) < len(phrase.quote) / 2:
        return None
    start, end = _on_words(text, found.dest_start, found.dest_end)
    # The window of the alignment can cut a word: with the words whole it must still be alike.
    alike = fuzz.ratio(phrase.quote, text[start:end])
    is_in_place = alike >= LIKENESS_IN_PLACE and _around(phrase, text, (start, end)) >= _IN_PLACE
    return (start, end) if alike >= likeness or is_in_place else None


def _on_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to the words it cuts, and leave white space at its edges out."""
    while 0 < start < len(text) and _is_word(text[start - 1]) and _is_word(text[start]):
        start -= 1
    while 0 < end < len(text) and _is_word(text[end - 1]) and _is_word(text[end]):
        end += 1
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_word(character: str) -> bool:
    return bool(_WORD.match(character))
