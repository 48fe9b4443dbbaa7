"""The main pictures of a briefing as slides (PPTX), with charts one can edit and copy."""

import io
import unicodedata
from collections.abc import Sequence
from typing import Any, cast

from django.utils import translation
from django.utils.translation import gettext as _
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from apps.briefings.content import BriefingContent, PositionRow
from apps.briefings.results import agreements
from apps.briefings.wording import in_active_language, stance_name
from apps.core.display import display_text

WIDE = (Inches(13.333), Inches(7.5))
TITLE_ONLY = 5  # of the layouts every presentation of the library has
MOST_QUESTIONS = 8
MOST_AGREEMENTS = 12
MOST_THEMES = 10
LONGEST_NAME = 60
LONGEST_TITLE = 110
# Of the site's style sheet, in the light theme: support, with changes, neutral, oppose, cannot say.
STANCE_COLOURS = ("1b6e8c", "7fb3c4", "b9b9b3", "b4552d", "dcdcd6")
OWN, LETTERS = "1f5f5b", "b9b9b3"
MIDDLE_GROUND = 0.18  # the luminance at which white and black letters are read alike


def render_slides(content: BriefingContent) -> bytes:
    """Return the slides, in the language of the briefing; each names its source."""
    with translation.override(content.document.lang):
        content = in_active_language(content)
        deck = Presentation()
        deck.slide_width, deck.slide_height = WIDE
        _opening(deck, content)
        _heard(deck, content)
        for row in _most_answered(content.positions)[:MOST_QUESTIONS]:
            _positions(deck, content, row)
        _agreement(deck, content)
        _themes(deck, content)
        if translation.get_language_bidi():
            _from_the_right(deck)
        held = io.BytesIO()
        deck.save(held)
    return held.getvalue()


def _from_the_right(deck: Deck) -> None:
    for slide in deck.slides:
        # Of a chart nothing is turned: its words order themselves, its bars keep their side.
        frames = [cast(Any, one).text_frame for one in slide.shapes if one.has_text_frame]
        frames.append(slide.notes_slide.notes_text_frame)
        for table in (cast(Any, one).table for one in slide.shapes if one.has_table):
            table._tbl.tblPr.set("rtl", "1")
            frames += [cell.text_frame for cell in table.iter_cells()]
        for paragraph in (one for frame in frames for one in frame.paragraphs):
            paragraph.alignment = PP_ALIGN.RIGHT
            kinds = (unicodedata.bidirectional(character) for character in paragraph.text)
            if next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L":
                paragraph._p.get_or_add_pPr().set("rtl", "1")


def _opening(deck: Deck, content: BriefingContent) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    _title(slide, content.document.consultation)
    lines = [
        display_text(content.document.authority),
        display_text(content.document.docket),
        # Set apart: in a line from the right its numbers would change places.
        f"{_('Cut-off')}: \u2068{display_text(content.document.cut_off)}\u2069",
        _("%(n)s submissions were heard.") % {"n": content.heard.total},
    ]
    box = slide.shapes.add_textbox(Inches(0.7), Inches(2.6), Inches(11.9), Inches(3))
    frame = box.text_frame
    frame.word_wrap = True
    for number, line in enumerate(filter(None, lines)):
        paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
        paragraph.text = line
        paragraph.font.size = Pt(24)
    _source(slide, content)


def _heard(deck: Deck, content: BriefingContent) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    _title(slide, _("Who was heard"))
    names = {group.id: group.name for group in content.groups}
    data = CategoryChartData()
    data.categories = [display_text(names[row.group]) for row in content.coverage]
    others = [row.submissions - row.campaign for row in content.coverage]
    data.add_series(_("Other submissions"), others)
    data.add_series(_("Campaign letters"), [row.campaign for row in content.coverage])
    _bars(slide, XL_CHART_TYPE.BAR_STACKED, data, (OWN, LETTERS))
    _source(slide, content)


def _most_answered(rows: Sequence[PositionRow]) -> list[PositionRow]:
    """Return the rows with an answer one may show, those with most answers first."""
    counted = [(sum(cell.answers for cell in row.cells), row) for row in rows]
    return [row for n, row in sorted(counted, key=lambda pair: -pair[0]) if n]


def _positions(deck: Deck, content: BriefingContent, row: PositionRow) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    _title(slide, f"{row.label} · {row.title}" if row.label else row.title)
    names = {group.id: group.name for group in content.groups}
    cells = [cell for cell in row.cells if cell.answers and not cell.suppressed]
    data = CategoryChartData()
    data.categories = [f"{display_text(names[cell.group])} ({cell.answers})" for cell in cells]
    for stance in content.stances:
        data.add_series(stance_name(stance), [cell.stances.get(stance, 0) for cell in cells])
    _bars(slide, XL_CHART_TYPE.BAR_STACKED_100, data, STANCE_COLOURS)
    _source(slide, content)


def _agreement(deck: Deck, content: BriefingContent) -> None:
    every = agreements(content)
    # Where few answered, or one group alone, there is no distance to draw.
    apart = [(one, one.divergence) for one in every if one.divergence is not None]
    if not apart:
        return
    found = apart[:MOST_AGREEMENTS]
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    _title(slide, _("Where groups lie apart"))
    data = CategoryChartData()
    data.categories = [display_text(one.row.label or one.row.title[:40]) for one, _away in found]
    distance = _("Distance of groups, 0 alike to 1 at opposite ends")
    data.add_series(distance, [round(away, 2) for _one, away in found])
    chart = _bars(slide, XL_CHART_TYPE.BAR_STACKED, data, (OWN,))
    chart.value_axis.maximum_scale = 1
    if few := [one.row.label or one.row.title[:LONGEST_NAME] for one in every if one.is_few]:
        _note(slide, _("Too few answers:") + " " + ", ".join(few[:MOST_AGREEMENTS]))
    _source(slide, content)


def _themes(deck: Deck, content: BriefingContent) -> None:
    """Show by group who raises what, the darker the larger its share: sums would count heads."""
    # What stands in campaign letters alone was raised by nobody in own words.
    own = [theme for theme in content.themes if theme.raised]
    themes = sorted(own, key=lambda theme: -theme.raised)[:MOST_THEMES]
    if not themes:
        return
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    _title(slide, _("Themes by group"))
    _note(slide, _("How many texts of a group raise it, and their share of all its texts."))
    sizes = {row.group: row.own for row in content.coverage}
    raised = {(cell.theme, cell.group): cell.raised for cell in content.matrix}
    place = (Inches(0.7), Inches(1.8), Inches(11.9), Inches(0.45) * (len(themes) + 1))
    drawn: Any = slide.shapes.add_table(len(themes) + 1, len(content.groups) + 1, *place)
    table, told = drawn.table, []
    table.columns[0].width = Inches(2.7)
    for column, group in enumerate(content.groups, 1):
        table.columns[column].width = Inches(9.2) // len(content.groups)
        _cell(table.cell(0, column), group.name)
    _cell(table.cell(0, 0), _("Theme"))
    for row, theme in enumerate(themes, 1):
        name = _cut(theme.title, LONGEST_NAME)
        _cell(table.cell(row, 0), name)
        counts = [(group, raised.get((theme.id, group.id), 0)) for group in content.groups]
        for column, (group, n) in enumerate(counts, 1):
            share = min(n / sizes[group.id], 1.0) if sizes.get(group.id) else 0.0
            _cell(
                table.cell(row, column),
                f"{n} · {100 * share:.0f}\u00a0%" if n else "–",
                share=share,
            )
        told.append(f"{name}: " + ", ".join(f"{group.name} {n}" for group, n in counts))
    _describe(slide, drawn, told)
    _source(slide, content)


def _cell(cell: Any, words: str, *, share: float = 0.0) -> None:
    """Write a cell of a table; its ground goes from white to the colour of own texts."""
    cell.text = display_text(words)
    cell.margin_left = cell.margin_right = Inches(0.05)
    cell.fill.solid()
    ground = RGBColor(*(round(255 + (one - 255) * share) for one in bytes.fromhex(OWN)))
    cell.fill.fore_color.rgb = ground
    font = cell.text_frame.paragraphs[0].font
    font.size, font.bold = Pt(11), False
    font.color.rgb = _ink_on(ground)


def _ink_on(ground: RGBColor) -> RGBColor:
    """Return white or black, whichever is read better there (WCAG 2.2, relative luminance)."""
    red, green, blue = ((one / 255) ** 2.2 for one in ground)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return RGBColor(255, 255, 255) if luminance < MIDDLE_GROUND else RGBColor(0, 0, 0)


def _cut(words: str, most: int) -> str:
    shown = display_text(words)
    return shown if len(shown) <= most else f"{shown[: most - 1].rstrip()}…"


def _title(slide: Slide, words: str) -> None:
    title: Any = slide.shapes.title
    title.text = _cut(words, LONGEST_TITLE)
    title.left, title.top, title.width, title.height = map(
        Emu, (Inches(0.7), Inches(0.4), Inches(11.9), Inches(1.2))
    )
    title.text_frame.word_wrap = True
    title.text_frame.paragraphs[0].font.size = Pt(30)
    title.text_frame.paragraphs[0].font.color.rgb = RGBColor.from_string(OWN.upper())
    title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT


def _bars(
    slide: Slide, kind: XL_CHART_TYPE, data: CategoryChartData, colours: Sequence[str]
) -> Any:
    place = (Inches(0.7), Inches(1.7), Inches(11.9), Inches(5))
    drawn: Any = slide.shapes.add_chart(kind, *place, cast(Any, data))
    _describe(slide, drawn, _in_words(data))
    chart = drawn.chart
    chart.has_title = False
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    chart.font.size = Pt(14)
    chart.category_axis.reverse_order = True  # the first row stands at the top
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0  # else 0.10 is drawn many times as long as 0.09
    for series, colour in zip(chart.plots[0].series, colours, strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(colour.upper())
        _number(series, colour)
    return chart


def _number(series: Any, colour: str) -> None:
    """Write each figure into its bar, and none where there is none."""
    labels = series.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = "0.##;;", False
    labels.font.size = Pt(12)
    labels.font.color.rgb = _ink_on(RGBColor.from_string(colour.upper()))


def _in_words(data: CategoryChartData) -> list[str]:
    return [
        f"{category.label}: " + ", ".join(f"{one.name} {list(one.values)[place]:g}" for one in data)
        for place, category in enumerate(data.categories)
    ]


def _describe(slide: Slide, drawn: Any, rows: Sequence[str]) -> None:
    """Say in words what is shown, to whoever hears the slides read out or speaks to them."""
    title: Any = slide.shapes.title
    properties = drawn._element.nvGraphicFramePr.cNvPr
    properties.set("descr", f"{title.text}. {'; '.join(rows)}.")
    notes: Any = slide.notes_slide.notes_text_frame
    notes.text = "\n".join([title.text, *rows])


def _note(slide: Slide, words: str) -> None:
    box = slide.shapes.add_textbox(Inches(0.7), Inches(1.25), Inches(11.9), Inches(0.4))
    box.text_frame.word_wrap = True
    box.text_frame.text = display_text(words)
    box.text_frame.paragraphs[0].font.size = Pt(14)


def _source(slide: Slide, content: BriefingContent) -> None:
    """Say on each slide where the figures come from, since slides travel alone."""
    box = slide.shapes.add_textbox(Inches(0.7), Inches(6.85), Inches(11.9), Inches(0.4))
    told = _("Source: briefing, version %(version)s, %(docket)s, %(url)s") % {
        "version": content.document.version,
        "docket": content.document.docket,
        "url": content.document.url,
    }
    box.text_frame.word_wrap = True
    # A docket or an address that is missing leaves no comma behind, in no script.
    box.text_frame.text = display_text(told).rstrip(" ,،")
    box.text_frame.paragraphs[0].font.size = Pt(11)
