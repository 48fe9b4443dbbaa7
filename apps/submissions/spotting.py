"""Finds words in texts, addresses and names of files, however they are written there."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from apps.submissions.searching import aligned, folded, unfolded

SHORTEST_WORDS = 2
# Addresses and names of files write words as one; shorter ones would be found in any of them.
SHORTEST_AS_ONE = 4
# Between the words: white space and line breaks, hyphens and dashes, and what nobody sees.
BETWEEN = "[\\s_\u00ad\u200b\u2010-\u2015-]+"
# A word that the end of a line divides.
DIVIDED = re.compile("(?<=[^\\W\\d_])[\u00ad\u2010\u2011-]\\s*\\n\\s*(?=[^\\W\\d_])")
TATWEEL = "\u0640"
# Set by a program or by hand, and what Arabic writes either way.
ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u0622\u0623\u0625\u0671", "\u0627"),
        "\u0649": "\u064a",
        "\u0629": "\u0647",
    }
)
# What a text writes as one: addresses on the web and of mail, and tags.
AS_ONE = re.compile(
    r"(?:https?://|www\.)[^\s<>\"\u201c\u201d\u00ab\u00bb]+(?<![.,;:!?)\]'])"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+(?<![.-])|#\w+",
    re.IGNORECASE,
)
NO_LETTERS = re.compile(r"[\W_]+")
Span = tuple[int, int]


class KeptWords:
    """Words that the public must not read, and where they stand.

    They are found in any case and over line breaks, with a space or a hyphen between them, however
    their letters are composed, as search takes them for one (see `folded`), with or without marks
    inside that nobody sees or that may be left out, and in addresses that write them as one.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._patterns = [_pattern(one) for one in words]
        self._as_one = [_as_one(one) for one in words]

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """Return (start, end, which of the words) in the order of the text."""
        plain, places = _plain(text)
        closed, kept = _closed(plain)
        found = {
            (*_with_marks(unfolded(span, places), text), number)
            for number, pattern in enumerate(self._patterns)
            for span in _places(pattern, plain, closed, kept)
        }
        for address in AS_ONE.finditer(text):
            start, end = address.span()
            known = {number for first, _last, number in found if start <= first < end}
            found |= {(start, end, number) for number in self._in_one(address[0]) - known}
        return sorted(found)

    def stretches(self, text: str) -> list[tuple[int, int, list[int]]]:
        """Return the same, those that overlap as one with the number of each."""
        merged: list[tuple[int, int, list[int]]] = []
        for start, end, number in self.spans(text):
            if merged and start < merged[-1][1]:
                first, last, numbers = merged[-1]
                merged[-1] = (first, max(last, end), [*numbers, number])
            else:
                merged.append((start, end, [number]))
        return merged

    def in_address(self, address: str) -> set[int]:
        """Return which of the words stand in an address or in the name of a file."""
        found = {number for *_span, number in self.spans(unquote(address))}
        return found | self._in_one(address)

    def _in_one(self, address: str) -> set[int]:
        one = _as_one(unquote(address))
        return {
            number
            for number, words in enumerate(self._as_one)
            if len(words) >= SHORTEST_AS_ONE and words in one
        }


def _pattern(words: str) -> re.Pattern[str]:
    plain, _places = _plain(words.strip())
    closed, _kept = _closed(plain)
    written = [BETWEEN.join(map(re.escape, _pieces(text))) for text in (plain, closed)]
    # What is too short to be looked for in words is found as it stands, what folds to nothing not.
    ways = "|".join(dict.fromkeys(filter(None, written))) or re.escape(plain) or r"(?!)"
    return re.compile(ways)


def _pieces(plain: str) -> list[str]:
    """Return the words of a text, none where they are too short: "a-" is not every "a"."""
    pieces = [one for one in re.split(BETWEEN, plain) if one]
    return pieces if sum(map(len, pieces)) >= SHORTEST_WORDS else []


def _places(
    pattern: re.Pattern[str], plain: str, closed: str, kept: Sequence[int]
) -> Iterator[Span]:
    """Yield where a pattern is found in a folded text, and in it without what may be left out."""
    for match in pattern.finditer(plain):
        yield match.span()
    for match in pattern.finditer(closed) if kept else ():
        yield kept[match.start()], kept[match.end() - 1] + 1


def _plain(text: str) -> tuple[str, list[int] | None]:
    """Return a text folded as search does, its signs too, and where each character came from."""
    plain, places = aligned(text)
    return plain.translate(ALIKE), places


def _closed(plain: str) -> tuple[str, list[int]]:
    """Return a text without what may be left out, and the places of the rest; none where all is."""
    gone = {place for found in DIVIDED.finditer(plain) for place in range(*found.span())}
    if optional := set(filter(_may_be_left_out, set(plain))):
        gone |= {place for place, character in enumerate(plain) if character in optional}
    if not gone:
        return plain, []
    kept = [place for place in range(len(plain)) if place not in gone]
    return "".join(plain[place] for place in kept), kept


def _may_be_left_out(character: str) -> bool:
    """Return whether nobody sees it, or Hebrew and Arabic put it in or leave it out."""
    if character.isascii():
        return False
    is_point = "\u0590" <= character <= "\u08ff" and unicodedata.category(character) == "Mn"
    return is_point or character == TATWEEL or unicodedata.category(character) == "Cf"


def _with_marks(span: Span, text: str) -> Span:
    """Return a stretch with the marks of its last letter."""
    start, end = span
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return start, end


def _as_one(text: str) -> str:
    return NO_LETTERS.sub("", folded(text).translate(ALIKE))
