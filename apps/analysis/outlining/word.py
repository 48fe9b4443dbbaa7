"""Splits a DOCX into parts: headings by style, numbers as Word prints them, the rest as Markdown.

source  ECMA-376, part 1, sections 17.3 (paragraphs), 17.4 (tables), 17.9 (numbering), 17.11 (notes)
"""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from apps.analysis.files.limits import LONGEST_TEXT, Unfit
from apps.analysis.files.markup import parse
from apps.analysis.files.packages import open_package, read_member
from apps.analysis.files.word import NOT_READ, body_of, main_part
from apps.analysis.outlining.assembling import assembled
from apps.analysis.outlining.elements import (
    attribute,
    child,
    children,
    name_of,
    number_of,
    value_of,
)
from apps.analysis.outlining.listing import Listing
from apps.analysis.outlining.numbering import Mark, Numbering, numbering_of
from apps.analysis.outlining.parts import Block, Part, TooManyParts
from apps.analysis.outlining.runs import (
    Notes,
    is_bold,
    markdown,
    plain_words,
    runs_of,
    without_notes,
)
from apps.analysis.outlining.styles import Style, Styles, outline_level, styles_of
from apps.analysis.outlining.tables import table

MOST_LEVELS = 9


def split_word(stream: BinaryIO) -> list[Part]:
    """Return the parts of a document.

    raises  Unfit: damaged, other_kind, encrypted, macros, bomb, entities; too_complex
    """
    with open_package(stream) as package:
        reader = _reader(package)
        body = body_of(package)
    try:
        parts = assembled(list(reader.blocks(body)))
    except TooManyParts as error:
        raise Unfit("too_complex") from error
    if sum(len(part.text) + len(part.heading) for part in parts) > LONGEST_TEXT:
        raise Unfit("too_complex")
    return parts


def _reader(package: zipfile.ZipFile) -> "_Reader":
    folder = posixpath.dirname(main_part(package))
    styles = styles_of(_part(package, folder, "styles"))
    numbering = numbering_of(_part(package, folder, "numbering"), styles.lists())
    notes = Notes()
    for kind in ("footnote", "endnote"):
        root = _part(package, folder, f"{kind}s")
        for note in children(root, kind) if root is not None else ():
            if not attribute(note, "type"):  # others are the lines between text and notes
                notes.texts[kind, attribute(note, "id")] = note
    return _Reader(styles, numbering, notes)


def _part(package: zipfile.ZipFile, folder: str, name: str) -> etree._Element | None:
    path = posixpath.join(folder, f"{name}.xml")
    return parse(read_member(package, path)) if path in package.namelist() else None


@dataclass
class _Reader:
    styles: Styles
    numbering: Numbering
    notes: Notes

    def blocks(self, body: etree._Element) -> Iterator[Block]:
        """Yield headings, paragraphs and tables in their order, each with its notes behind it."""
        listing = Listing()
        for element in _elements(body):
            is_table = name_of(element) == "tbl"
            block = self._table(element) if is_table else self._paragraph(element, listing)
            if block is not None:
                if block.level or block.is_title or is_table:
                    listing.end()
                yield block
            yield from self._cited()

    def _paragraph(self, element: etree._Element, listing: Listing) -> Block | None:
        properties = child(element, "pPr")
        style = self.styles.of(value_of(properties, "pStyle") or self.styles.usual)
        if style.is_contents:
            return None  # the program repeats the headings there
        runs = runs_of(element, self.styles, self.notes)
        words = plain_words(runs)
        if not words and child(properties, "rPr", "del") is not None:
            return None
        mark = self._mark(properties, style)
        outlined = outline_level(properties)
        level = style.level if outlined is None else outlined
        if not words and not (level and mark and mark.label):
            return None
        if level or style.is_title:
            label = mark.label if mark else ""
            runs = without_notes(runs)
            is_title = style.is_title and not level
            return Block(
                markdown(runs), plain_words(runs), level=level, label=label, is_title=is_title
            )
        block = Block(markdown(runs), words, is_strong=is_bold(runs) or style.is_bold)
        return listing.item(block, mark) if mark else listing.typed(block)

    def _mark(self, properties: etree._Element | None, style: Style) -> Mark | None:
        own = child(properties, "numPr")
        number, said = value_of(own, "numId"), value_of(own, "ilvl")
        depth = number_of(said) if said else style.depth
        number = number or style.number
        if not number or number == "0":
            return None
        if not said and style.numbered_as:
            linked = self.numbering.level_of_style(number, style.numbered_as)
            depth = depth if linked is None else linked
        return self.numbering.printed(number, min(depth or 0, MOST_LEVELS - 1))

    def _cited(self) -> Iterator[Block]:
        for mark, note in self.notes.taken():
            paragraphs = [runs_of(element, self.styles, self.notes) for element in _elements(note)]
            words = " ".join(filter(None, map(plain_words, paragraphs)))
            if words:
                text = " ".join(filter(None, map(markdown, paragraphs)))
                yield Block(f"{mark} {text}", f"{mark} {words}", is_note=True)

    def _table(self, element: etree._Element) -> Block | None:
        text, words = table(element, self._cell)
        return Block(text, words, is_table=True) if words else None

    def _cell(self, cell: etree._Element) -> tuple[str, str]:
        """Return the Markdown and the words of a cell, in one line each."""
        texts, words = [], []
        for element in _elements(cell, with_tables=False):
            properties = child(element, "pPr")
            style = self.styles.of(value_of(properties, "pStyle") or self.styles.usual)
            runs = runs_of(element, self.styles, self.notes)
            mark = self._mark(properties, style)
            label = mark.label if mark else ""  # rows are numbered in cells without a word
            texts.append(f"{label} {markdown(runs)}".strip())
            words.append(f"{label} {plain_words(runs)}".strip())
        return " ".join(filter(None, texts)), " ".join(filter(None, words))


def _elements(body: etree._Element, *, with_tables: bool = True) -> Iterator[etree._Element]:
    """Yield paragraphs and tables; a table of one cell is a frame round what it holds."""
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        name = name_of(element)
        if name in NOT_READ or (name == "sdt" and _is_contents(element)):
            continue
        if name == "p" or (name == "tbl" and with_tables and not _is_frame(element)):
            yield element
        else:
            stack.extend(reversed(element))


def _is_contents(element: etree._Element) -> bool:
    gallery = value_of(child(element, "sdtPr", "docPartObj"), "docPartGallery")
    return gallery == "Table of Contents"


def _is_frame(element: etree._Element) -> bool:
    rows = list(children(element, "tr"))
    return len(rows) == 1 and len(list(children(rows[0], "tc"))) == 1
