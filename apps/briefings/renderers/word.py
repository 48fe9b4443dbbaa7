"""The parts of a Word file: styles, links, bookmarks, described pictures, tables."""

import unicodedata
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from itertools import count

import docx
from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from apps.briefings.content import Group
from apps.briefings.renderers.word_styles import ACCENT, TEXT_WIDTH, set_page, set_styles

GLYPHS = {
    "square": "■",
    "disc": "●",
    "diamond": "◆",
    "triangle-down": "▼",
    "triangle-up": "▲",
    "plus": "✚",
    "ring": "○",
    "cross": "✕",
}
# What zip files hold before 1980 is undefined; the date of the briefing stands in its properties.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
CELL_LETTER = 1.65  # millimetres, a broad one in the style of cells
SHORT_TABLE = 14  # rows
CONTENTS_LEVELS = 2


class WordFile:
    """A Word document being written; nothing in it depends on the clock."""

    def __init__(self, *, lang: str) -> None:
        self.document = docx.Document()
        self.ids = count(1)
        self.numbers: Counter[str] = Counter()
        self.headings: list[tuple[int, str, str]] = []
        self.contents_at: Paragraph | None = None
        set_page(self.document)
        set_styles(self.document, lang)
        # python-docx looks a style up by walking all of them, once for every paragraph
        self.style_ids = {style.name: style.style_id for style in self.document.styles}

    def describe(self, *, title: str, author: str, subject: str, lang: str, at: datetime) -> None:
        """Set the properties of the file."""
        core = self.document.core_properties
        core.title, core.author, core.subject = title[:255], author[:255], subject[:255]
        core.language, core.last_modified_by, core.comments = lang, author[:255], ""
        core.created = core.modified = at.replace(tzinfo=None)
        core.revision = 1

    def heading(self, text: str, level: int, *, anchor: str = "") -> Paragraph:
        """Add a real heading, with a bookmark for the contents and for what else leads to it."""
        paragraph = self.paragraph(style=f"Heading {level}")
        anchor = anchor or f"heading_{len(self.headings)}"
        self.bookmark(paragraph.add_run(text), anchor)
        self.headings.append((level, text, anchor))
        return paragraph

    def contents(self) -> None:
        """Leave the contents here; they are written when all headings are known."""
        self.contents_at = self.paragraph(style="toc 1")

    def caption(self, text: str, kind: str) -> None:
        """Add a numbered caption ("Figure 1. …") that stays with what comes next."""
        paragraph = self.paragraph(style="Caption")
        self.numbers[kind] += 1
        labels = {"Figure": _("Figure"), "Table": _("Table")}
        paragraph.add_run(f"{labels[kind]} ")
        _add_field(paragraph, f"SEQ {kind} \\* ARABIC", str(self.numbers[kind]))
        paragraph.add_run(f". {text}")

    def paragraph(self, text: str = "", style: str = "Normal") -> Paragraph:
        """Add a paragraph; one that starts in a right-to-left script runs that way."""
        paragraph = self.document.add_paragraph()
        paragraph._p.style = self.style_ids[style]
        if text:
            paragraph.add_run(text)
            set_direction(paragraph, text)
        return paragraph

    def lead(self, text: str, style: str = "Lead") -> None:
        """Add a paragraph that stays with what it introduces."""
        self.paragraph(text, style).paragraph_format.keep_with_next = True

    def bookmark(self, run: Run, name: str) -> None:
        """Put a bookmark around a run."""
        number = str(next(self.ids))
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), number)
        start.set(qn("w:name"), name)
        end.set(qn("w:id"), number)
        run._r.addprevious(start)
        run._r.addnext(end)

    def picture(self, png: bytes, *, alt: str, title: str, width: float) -> None:
        """Add a picture, `width` in millimetres, with its text alternative."""
        self.caption(title, "Figure")
        self.document.add_picture(BytesIO(png), width=Mm(width))
        properties = self.document.inline_shapes[-1]._inline.docPr
        properties.set("descr", alt)
        properties.set("title", title)

    def table(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[object]],
        *,
        widths: Sequence[float],
        numeric: Sequence[int] = (),
        caption: str = "",
    ) -> None:
        """Add a table whose header row repeats; a cell is text, or a function that fills it.

        A short table stays whole on its page.
        """
        if caption:
            self.caption(caption, "Table")
        table = self.document.add_table(rows=1 + len(rows), cols=len(header))
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        _set_rules(table)
        for row, texts in zip(table.rows, [header, *rows], strict=True):
            for place, (cell, content) in enumerate(zip(row.cells, texts, strict=True)):
                cell.width = Mm(widths[place])
                self._fill(cell.paragraphs[0], content, is_figure=place in numeric)
        head = table.rows[0]._tr.get_or_add_trPr()
        head.append(OxmlElement("w:tblHeader"))
        for cell in table.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold, run.font.size = True, Pt(7)
        _keep_rows(table, is_whole=len(rows) <= SHORT_TABLE)
        self.paragraph(style="Cell")

    def _fill(self, paragraph: Paragraph, content: object, *, is_figure: bool) -> None:
        paragraph._p.style = self.style_ids["Cell"]
        if is_figure:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if callable(content):
            content(paragraph)
        else:
            paragraph.add_run(str(content))

    def columns(self, words: Sequence[str]) -> None:
        """Add short words in columns; none of them is broken over two lines."""
        paragraph = self.paragraph(style="Cell")
        most = max(map(len, words), default=1)
        n = max(1, int(TEXT_WIDTH // (most * CELL_LETTER + 3)))
        for place in range(1, n):
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH * place / n))
        lines = ["\t".join(words[start : start + n]) for start in range(0, len(words), n)]
        paragraph.paragraph_format.keep_together = False
        paragraph.add_run("\n".join(lines))

    def footer(self, left: str) -> None:
        """Put a line and "page of pages" at the foot of every page."""
        section = self.document.sections[0]
        for footer in (section.footer, section.first_page_footer):
            paragraph = footer.paragraphs[0]
            paragraph._p.style = self.style_ids["Cell"]
            right = Mm(TEXT_WIDTH)
            paragraph.paragraph_format.tab_stops.add_tab_stop(right, WD_TAB_ALIGNMENT.RIGHT)
            paragraph.add_run(f"{left}\t")
            _add_field(paragraph, "PAGE", "1")
            paragraph.add_run(" / ")
            _add_field(paragraph, "NUMPAGES", "1")

    def header(self, text: str) -> None:
        """Put a line at the head of every page but the first, which has the title itself."""
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        paragraph = section.header.paragraphs[0]
        paragraph._p.style = self.style_ids["Cell"]
        paragraph.add_run(text)

    def to_bytes(self) -> bytes:
        """Return the file; the same document gives the same bytes."""
        if self.contents_at is not None:
            _write_contents(self.contents_at, self.headings, self.style_ids)
        written = BytesIO()
        self.document.save(written)
        fixed = BytesIO()
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w") as target:
            for name in sorted(source.namelist(), key=lambda name: (name[0] != "[", name)):
                entry = zipfile.ZipInfo(name, ZIP_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(entry, source.read(name))
        return fixed.getvalue()


def add_mark(paragraph: Paragraph, group: Group) -> None:
    """Add the shape of a group in its colour."""
    run = paragraph.add_run(GLYPHS[group.shape] + "\u00a0")
    run.font.color.rgb = RGBColor.from_string(group.colour[1:].upper())


def add_link(paragraph: Paragraph, text: str, *, url: str = "", anchor: str = "") -> None:
    """Add a link to an address or to a bookmark of this file; without either, the text alone."""
    if not (url or anchor):
        paragraph.add_run(text)
        return
    link = OxmlElement("w:hyperlink")
    if url:
        # relate_to compares each address with all before it, which thousands of links do not bear
        relations, kind = paragraph.part.rels, RELATIONSHIP_TYPE.HYPERLINK
        number = f"link{len(relations)}"
        relations.add_relationship(kind, url, number, is_external=True)
        link.set(qn("r:id"), number)
    else:
        link.set(qn("w:anchor"), anchor)
    run = paragraph.add_run(text)
    run.font.color.rgb = RGBColor.from_string(ACCENT)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def set_direction(paragraph: Paragraph, text: str) -> None:
    """Let a paragraph run right to left if its first letter does."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    if next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") == "L":
        return
    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for run in paragraph.runs:
        run.font.rtl = True


def set_edge(paragraph: Paragraph, colour: str) -> None:
    """Draw the rule of a quotation in the colour of its group."""
    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "8"), ("color", colour)):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:bidi", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _write_contents(
    at: Paragraph, headings: Sequence[tuple[int, str, str]], styles: dict[str, str]
) -> None:
    """Write a contents field with its entries; Word adds the page numbers when it is updated."""
    shown = [(level, text, anchor) for level, text, anchor in headings if level <= CONTENTS_LEVELS]
    paragraphs = [at.insert_paragraph_before() for _entry in shown[1:]] + [at]
    for place, (paragraph, (level, text, anchor)) in enumerate(zip(paragraphs, shown, strict=True)):
        paragraph._p.style = styles[f"toc {level}"]
        if not place:
            _add_mark_of_field(paragraph, "begin")
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f' TOC \\o "1-{CONTENTS_LEVELS}" \\h \\z \\u '
            paragraph.add_run()._r.append(instruction)
            _add_mark_of_field(paragraph, "separate")
        add_link(paragraph, text, anchor=anchor)
        for line in list(paragraph._p.iter(qn("w:u"))):
            line.getparent().remove(line)
    _add_mark_of_field(at, "end")


def _add_mark_of_field(paragraph: Paragraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def _add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = paragraph.add_run(shown)
    field.append(run._r)
    paragraph._p.append(field)


def _keep_rows(table: docx.table.Table, *, is_whole: bool) -> None:
    rows = list(table.rows)
    for row in rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for row in rows[:-1] if is_whole else rows[:1]:
        row.cells[0].paragraphs[0].paragraph_format.keep_with_next = True


def _set_rules(table: docx.table.Table) -> None:
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "B0B0B0")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", "25"), ("left", "45"), ("bottom", "15"), ("right", "45")):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), width)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
