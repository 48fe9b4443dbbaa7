"""Makes blocks of plain text with hard line ends, as the US Federal Register prints it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from apps.analysis.outlining.escaping import escaped
from apps.analysis.outlining.headings import LONGEST_HEADING, parted
from apps.analysis.outlining.listing import Listing
from apps.analysis.outlining.parts import Block

FEWEST_INDENTED = 3
LONGEST_HEADING_LINES = 3
WIDEST_INDENT = 6
_ATX = re.compile(r"^#{1,6} ", re.MULTILINE)
_INDENTED = re.compile(r"^ {3,8}(?![-*+] )\S[^\n]*\n(?=[^\s\-*+>|#])", re.MULTILINE)
_RULER = re.compile(r"\s*([-=_*])\1{4,}\s*")
_PAGE = re.compile(r"\s*\[\[Page [^\]\n]{1,20}\]\]\s*")


def is_plain(text: str) -> bool:
    """Return whether paragraphs are told by the indent of their first line, not by empty lines."""
    if _ATX.search(text):
        return False
    found = _INDENTED.finditer(text)
    return sum(1 for _one in zip(found, range(FEWEST_INDENTED), strict=False)) == FEWEST_INDENTED


def blocks(text: str) -> list[Block]:
    """Return paragraphs with their lines joined; rulers are left out."""
    listing = Listing()
    return [listing.typed(found.block()) for found in _paragraphs(text.split("\n"))]


@dataclass
class _Paragraph:
    indent: int  # of the first line
    lines: list[str] = field(default_factory=list)
    is_apart: bool = False  # an empty line before and behind
    margin: int | None = None  # the indent of the other lines, once there is one

    def takes(self, indent: int) -> bool:
        """Return whether a line goes on with the paragraph: the first line is set in further."""
        if self.margin is not None:
            return indent == self.margin
        return indent == self.indent == 0 or 0 < self.indent - indent <= WIDEST_INDENT

    def block(self) -> Block:
        words = " ".join(" ".join(self.lines).split())
        # Quotation marks as typewriters make them would be a listing in Markdown.
        words = words.replace("``", "“").replace("''", "”")
        is_short = len(self.lines) <= LONGEST_HEADING_LINES and len(words) <= LONGEST_HEADING
        label, heading = parted(words)
        is_heading = self.is_apart and not self.indent and is_short and bool(label)
        is_strong = is_heading and heading[-1:] not in (".", ";", ":", ",")
        return Block(escaped(words), words, is_strong=is_strong)


def _paragraphs(lines: list[str]) -> Iterator[_Paragraph]:
    found: _Paragraph | None = None
    was_empty, is_torn = True, False
    for line in lines:
        if not line.strip() or _RULER.fullmatch(line):
            was_empty = True
            continue
        if found and _PAGE.fullmatch(line):
            # A page ends in the middle of a sentence: the mark stays there, the sentence whole.
            found.lines.append(line.strip())
            is_torn = True
            continue
        indent = len(line) - len(line.lstrip(" "))
        goes_on = (is_torn and line[:1].islower()) or not was_empty
        if found and not (goes_on and found.takes(indent)):
            found.is_apart = found.is_apart and was_empty
            yield found
            found = None
        if found is None:
            found = _Paragraph(indent, is_apart=was_empty)
        elif found.margin is None:
            found.margin = indent
        found.lines.append(line.strip())
        was_empty = is_torn = False
    if found:
        yield found
