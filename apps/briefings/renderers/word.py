"""The parts of a Word file: styles, links, bookmarks, described pictures, tables."""

import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from itertools import count

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from apps.briefings.content import Group

SERIF, SANS = "Georgia", "Arial"
INK, QUIET, ACCENT = "1A1A1A", "595959", "1F3A5F"
QUOTATION = "Quotation"
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


class WordFile:
    """A Word document being written; nothing in it depends on the clock."""

    def __init__(self, *, lang: str) -> None:
        self.document = docx.Document()
        self.ids = count(1)
        _set_page(self.document)
        _set_styles(self.document, lang)
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
        """Add a real heading, with a bookmark if something leads to it."""
        paragraph = self.paragraph(style=f"Heading {level}")
        run = paragraph.add_run(text)
        if anchor:
            self.bookmark(run, anchor)
        return paragraph

    def paragraph(self, text: str = "", style: str = "Normal") -> Paragraph:
        """Add a paragraph; one that starts in a right-to-left script runs that way."""
        paragraph = self.document.add_paragraph()
        paragraph._p.style = self.style_ids[style]
        if text:
            paragraph.add_run(text)
            set_direction(paragraph, text)
        return paragraph

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
        paragraph = self.paragraph(style="Caption")
        paragraph.add_run(title)
        paragraph.paragraph_format.keep_with_next = True
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
    ) -> None:
        """Add a table whose header row repeats; a cell is text, or a function that fills it."""
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
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        self.paragraph(style="Cell")

    def _fill(self, paragraph: Paragraph, content: object, *, is_figure: bool) -> None:
        paragraph._p.style = self.style_ids["Cell"]
        if is_figure:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if callable(content):
            content(paragraph)
        else:
            paragraph.add_run(str(content))

    def footer(self, left: str) -> None:
        """Put a line and "page of pages" at the foot of every page."""
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph._p.style = self.style_ids["Cell"]
        right = Mm(210 - 2 * 23)
        paragraph.paragraph_format.tab_stops.add_tab_stop(right, WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(f"{left}\t")
        _add_field(paragraph, "PAGE")
        paragraph.add_run(" / ")
        _add_field(paragraph, "NUMPAGES")

    def header(self, text: str) -> None:
        """Put a line at the head of every page."""
        paragraph = self.document.sections[0].header.paragraphs[0]
        paragraph._p.style = self.style_ids["Cell"]
        paragraph.add_run(text)

    def to_bytes(self) -> bytes:
        """Return the file; the same document gives the same bytes."""
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


def _add_field(paragraph: Paragraph, instruction: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)


def _set_page(document: docx.document.Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(23)
    section.top_margin = section.bottom_margin = Mm(25)


def _set_styles(document: docx.document.Document, lang: str) -> None:
    styles = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = SERIF, Pt(10.5)
    normal.paragraph_format.space_after = Pt(6)
    for name, size in (("Title", 26), ("Subtitle", 14), ("Heading 1", 18), ("Heading 2", 14)):
        _restyle(styles[name], SERIF, size, colour=ACCENT)
    _restyle(styles["Heading 3"], SANS, 10, colour=ACCENT)
    _restyle(styles["Caption"], SANS, 9, colour=INK)
    own: tuple[tuple[str, str, float, str], ...] = (
        ("Cell", SANS, 7.5, INK),
        ("Lead", SERIF, 10, QUIET),
        ("Source", SANS, 8, QUIET),
        (QUOTATION, SERIF, 10, INK),
    )
    for name, font, points, colour in own:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.quick_style = True
        _restyle(style, font, points, colour=colour)
    styles["Cell"].paragraph_format.space_after = Pt(1)
    for name in (QUOTATION, "Source"):
        styles[name].paragraph_format.left_indent = Mm(7)
    styles[QUOTATION].paragraph_format.space_after = Pt(2)
    styles[QUOTATION].paragraph_format.keep_with_next = True
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    language.set(qn("w:val"), lang)


def _restyle(
    style: docx.styles.style.ParagraphStyle, font: str, size: float, *, colour: str
) -> None:
    style.font.name, style.font.size = font, Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour)
    style.font.bold = font == SANS and size > 8
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:hAnsi"), font)


def _set_rules(table: docx.table.Table) -> None:
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "B0B0B0")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "45")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
