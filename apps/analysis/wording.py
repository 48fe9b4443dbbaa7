"""What a proposed wording changes in a text, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz.distance import Indel

Kind = Literal["same", "out", "in"]
# A word with its inner marks, one character where words do not separate, a run of spaces, a mark.
TOKEN: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\W_]+(?:['’.-][^\W_]+)*|\s+|.",
    re.DOTALL,
)
SHORT_BRIDGE = 2  # words that stay between two changes are read as part of one change


@dataclass(frozen=True)
class Change:
    """A run of text that stays, goes out or comes in."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Comparison:
    """The runs in reading order: "same" and "out" are the old text, "same" and "in" the new one.

    kept  share of the characters of the longer text that stay, from 0 to 1
    """

    changes: tuple[Change, ...]
    kept: float

    @property
    def out(self) -> int:
        """How many words go."""
        return self.words("out")

    @property
    def coming(self) -> int:
        """How many words come in."""
        return self.words("in")

    def words(self, kind: Kind) -> int:
        """Return how many words stay, go out or come in."""
        return sum(
            any(map(str.isalnum, token))
            for change in self.changes
            if change.kind == kind
            for token in TOKEN.findall(change.text)
        )


def compare(before: str, after: str) -> Comparison:
    """Return what changes from one text to another, fewest words first.

    Words are compared whole; the shortest series of insertions and deletions is taken (longest
    common subsequence, bit-parallel, source Hyyrö 2004), and up to two words that stay between two
    changes are taken into them: single words that happen to recur only make a change hard to read.
    """
    old, new = _tokens(before), _tokens(after)
    kept = 0
    changes: list[Change] = []
    for step in Indel.opcodes(old, new):
        went = "".join(old[step.src_start : step.src_end])
        came = "".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            changes.append(Change("same", went))
            kept += len(went)
        else:
            changes.append(Change("out", went) if went else Change("in", came))
    longest = max(len(before), len(after))
    return Comparison(tuple(_tidy(changes)), kept / longest if longest else 1.0)


def words_added(before: str, after: str) -> str:
    """Return the runs of words that come in where one text takes the place of another."""
    if not before:
        return after
    return " … ".join(c.text.strip() for c in compare(before, after).changes if c.kind == "in")


def _tokens(text: str) -> list[str]:
    return [match.group() for match in re.finditer(TOKEN, text)] if text else []


def _tidy(changes: Sequence[Change]) -> list[Change]:
    """Join neighbouring changes over short bridges; what goes out stands before what comes in."""
    tidy: list[Change] = []
    out = coming = ""
    for number, change in enumerate(changes):
        is_inner = bool(out or coming) and number + 1 < len(changes)
        if change.kind == "out":
            out += change.text
        elif change.kind == "in":
            coming += change.text
        elif is_inner and _is_short(change.text):
            out, coming = out + change.text, coming + change.text
        else:
            tidy += _pair(out, coming)
            tidy.append(change)
            out = coming = ""
    return [*tidy, *_pair(out, coming)]


def _pair(out: str, coming: str) -> list[Change]:
    found: list[Change] = []
    if out:
        found.append(Change("out", out))
    if coming:
        found.append(Change("in", coming))
    return found


def _is_short(text: str) -> bool:
    words = [token for token in TOKEN.findall(text) if any(map(str.isalnum, token))]
    return len(words) <= SHORT_BRIDGE and "\n" not in text
