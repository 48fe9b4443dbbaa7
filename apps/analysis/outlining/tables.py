"""Writes a table of Word as a table of Markdown."""

from collections.abc import Callable, Iterator

from lxml import etree

from apps.analysis.files.word import NOT_READ
from apps.analysis.outlining.elements import child, name_of, number_of, value_of
from apps.analysis.outlining.escaping import cell

MOST_COLUMNS = 60

ReadCell = Callable[[etree._Element], tuple[str, str]]


def table(element: etree._Element, read: ReadCell) -> tuple[str, str]:
    """Return a table as Markdown, and its words; the first row is its head.

    read  returns the Markdown and the words of a cell
    """
    rows, words = [], []
    for row in _within(element, "tr"):
        cells = []
        for found in _within(row, "tc"):
            text, plain = read(found)
            words.append(plain)
            span = min(max(_span(found), 1), MOST_COLUMNS)
            cells += [cell(text), *([""] * (span - 1))]
        rows.append(cells)
    width = max(map(len, rows), default=0)
    if not width:
        return "", ""
    rows[0] += [""] * (width - len(rows[0]))
    lines = [_line(rows[0]), _line(["---"] * width), *map(_line, rows[1:])]
    return "\n".join(lines), " ".join(filter(None, words))


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _span(found: etree._Element) -> int:
    return number_of(value_of(child(found, "tcPr"), "gridSpan"))


def _within(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield rows or cells, also those in the frames of fields, but none of a table inside."""
    for found in element:
        kind = name_of(found)
        if kind == name:
            if not _is_deleted(found):
                yield found
        elif kind in ("sdt", "sdtContent", "customXml", "ins") and kind not in NOT_READ:
            yield from _within(found, name)


def _is_deleted(row: etree._Element) -> bool:
    return child(row, "trPr", "del") is not None
