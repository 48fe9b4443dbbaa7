"""Writes numbered paragraphs as lists of Markdown, so that the printed number survives."""

import re
from dataclasses import dataclass, field, replace

from apps.analysis.outlining.numbering import Mark
from apps.analysis.outlining.parts import Block

BULLET = "-"
# What Markdown counts itself; any other number is written as text.
_COUNTED = re.compile(r"(\d{1,9})([.)])")
_TYPED = re.compile(r"(\d{1,9})\\([.)])\s+(?=\S)")


@dataclass(frozen=True)
class _Open:
    depth: int
    indent: int
    width: int  # of the indent of what lies inside
    sign: str  # "-", "." or ")" of a list; "" of a paragraph with a number of its own
    count: int = 0


@dataclass
class Listing:
    """The items that are open where a document has come to."""

    _open: list[_Open] = field(default_factory=list)
    _was_item: bool = False

    def end(self) -> None:
        """Close all items before text that is none."""
        self._open.clear()
        self._was_item = False

    def item(self, block: Block, mark: Mark) -> Block:
        """Return a paragraph with its number, under the item it belongs to."""
        closed = []
        while self._open and self._open[-1].depth >= mark.depth:
            closed.append(self._open.pop())
        indent = self._open[-1].width if self._open else 0
        before = next((item for item in closed if item.indent == indent), None)
        marker, sign, count = self._marker(mark, before)
        width = indent + (len(marker) + 1 if sign else 0)
        written = f"{marker} {block.text}" if marker else block.text
        lines = [
            " " * (width if place else indent) + line
            for place, line in enumerate(written.split("\n"))
        ]
        # Of lists, only those that go on or begin with 1 are told from the paragraph before.
        goes_on = before is not None and before.sign == sign
        is_close = self._was_item and bool(sign) and (goes_on or sign == BULLET or count == 1)
        self._open.append(_Open(mark.depth, indent, width, sign, count))
        self._was_item = bool(sign)
        return replace(
            block,
            text="\n".join(lines),
            label=mark.label,
            inner=block.text,
            is_item=mark.depth == 0,
            is_close=is_close,
        )

    def typed(self, block: Block) -> Block:
        """Return a paragraph as an item if its author typed a number such as "3." before it."""
        found = _TYPED.match(block.text)
        label = "".join(found.groups()) if found else ""
        if not found or not block.words.startswith(label):
            self.end()
            return block
        words = block.words.removeprefix(label).strip()
        item = replace(block, text=block.text[found.end() :], words=words)
        return self.item(item, Mark(label, 0))

    @staticmethod
    def _marker(mark: Mark, before: _Open | None) -> tuple[str, str, int]:
        if mark.is_bullet:
            return BULLET, BULLET, 0
        counted = _COUNTED.fullmatch(mark.label)
        if counted is None:
            return mark.label, "", 0
        count, sign = int(counted.group(1)), counted.group(2)
        if before is not None and before.sign == sign and count != before.count + 1:
            # Markdown would count on from the item before.
            return f"{counted.group(1)}\\{sign}", "", 0
        return mark.label, sign, count
