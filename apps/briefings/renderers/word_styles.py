"""How a Word file looks: page, typefaces, sizes, and what stays together."""

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

SERIF, SANS = "Georgia", "Arial"
INK, QUIET, ACCENT = "1A1A1A", "595959", "1F3A5F"
QUOTATION = "Quotation"
MARGIN = 23  # millimetres
TEXT_WIDTH = 210 - 2 * MARGIN


def set_page(document: docx.document.Document) -> None:
    """Make every page A4 with the margins of the printed briefing."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin = section.bottom_margin = Mm(25)


def set_styles(document: docx.document.Document, lang: str) -> None:
    """Give the file its styles, those Word knows and our own, and its language."""
    styles = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = SERIF, Pt(10.5)
    normal.paragraph_format.space_after = Pt(6)
    for name, size in (("Title", 24), ("Subtitle", 14), ("Heading 1", 18), ("Heading 2", 14)):
        _restyle(styles[name], SERIF, size, colour=ACCENT)
    _restyle(styles["Heading 3"], SANS, 10, colour=ACCENT)
    _restyle(styles["Caption"], SANS, 9, colour=INK)
    own: tuple[tuple[str, str, float, str], ...] = (
        ("toc 1", SERIF, 10, INK),
        ("toc 2", SERIF, 9, INK),
        ("Cell", SANS, 7.5, INK),
        ("Lead", SERIF, 10, QUIET),
        ("Source", SANS, 8, QUIET),
        (QUOTATION, SERIF, 10, INK),
    )
    for name, font, points, colour in own:
        is_built_in = name.startswith("toc")
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=is_built_in)
        style.base_style = normal
        style.quick_style = True
        _restyle(style, font, points, colour=colour)
    _set_spacing(styles)
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    language.set(qn("w:val"), lang)


def _set_spacing(styles: docx.styles.styles.Styles) -> None:
    styles["Cell"].paragraph_format.space_after = Pt(1)
    for name in (QUOTATION, "Source"):
        styles[name].paragraph_format.left_indent = Mm(7)
    styles[QUOTATION].paragraph_format.space_after = Pt(2)
    for name in (QUOTATION, "Caption"):
        styles[name].paragraph_format.keep_with_next = True
    for name in (QUOTATION, "Source", "Cell"):
        styles[name].paragraph_format.keep_together = True
    for level, indent, before in ((1, 0, 3), (2, 6, 0)):
        contents = styles[f"toc {level}"].paragraph_format
        contents.left_indent, contents.space_before, contents.space_after = (
            Mm(indent),
            Pt(before),
            Pt(1),
        )
    styles["Heading 1"].paragraph_format.space_before = Pt(22)
    styles["Heading 1"].paragraph_format.space_after = Pt(8)
    styles["Heading 2"].paragraph_format.space_before = Pt(16)
    styles["Heading 2"].paragraph_format.space_after = Pt(4)


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
