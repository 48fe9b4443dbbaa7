"""The main pictures of a briefing as slides (PPTX), with charts one can edit and copy."""

import io
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
MOST_THEMES = 12
LONGEST_NAME = 60
LONGEST_TITLE = 110
# Of the site's style sheet, in the light theme: support, with changes, neutral, oppose, cannot say.
STANCE_COLOURS = ("1b6e8c", "7fb3c4", "b9b9b3", "b4552d", "dcdcd6")
OWN, LETTERS = "1f5f5b", "b9b9b3"


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
        held = io.BytesIO()
        deck.save(held)
    return held.getvalue()


def _opening(deck: Deck, content: BriefingContent) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    _title(slide, content.document.consultation)
    lines = [
        content.document.authority,
        content.document.docket,
        content.document.cut_off,
        _("%(n)s submissions were heard.") % {"n": content.heard.total},
    ]
    box = slide.shapes.add_textbox(Inches(0.7), Inches(2.6), Inches(11.9), Inches(3))
    frame = box.text_frame
    frame.word_wrap = True
    for number, line in enumerate(filter(None, lines)):
        paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
        paragraph.text = display_text(line)
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
    _bars(slide, XL_CHART_TYPE.BAR_CLUSTERED, data, (OWN,))
    if few := [one.row.label or one.row.title[:LONGEST_NAME] for one in every if one.is_few]:
        _note(slide, _("Too few answers:") + " " + ", ".join(few[:MOST_AGREEMENTS]))
    _source(slide, content)


def _themes(deck: Deck, content: BriefingContent) -> None:
    # What stands in campaign letters alone was raised by nobody in own words.
    own = [theme for theme in content.themes if theme.raised]
    raised = sorted(own, key=lambda theme: -theme.raised)[:MOST_THEMES]
    if not raised:
        return
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    _title(slide, _("What was raised most"))
    data = CategoryChartData()
    data.categories = [display_text(theme.title)[:LONGEST_NAME] for theme in raised]
    data.add_series(_("Texts that raise it"), [theme.raised for theme in raised])
    _bars(slide, XL_CHART_TYPE.BAR_CLUSTERED, data, (OWN,))
    _source(slide, content)


def _title(slide: Slide, words: str) -> None:
    shown = display_text(words)
    title: Any = slide.shapes.title
    title.text = shown if len(shown) <= LONGEST_TITLE else f"{shown[: LONGEST_TITLE - 1]}…"
    title.left, title.top, title.width, title.height = map(
        Emu, (Inches(0.7), Inches(0.4), Inches(11.9), Inches(1.2))
    )
    title.text_frame.word_wrap = True
    title.text_frame.paragraphs[0].font.size = Pt(30)
    title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT


def _bars(
    slide: Slide, kind: XL_CHART_TYPE, data: CategoryChartData, colours: Sequence[str]
) -> None:
    place = (Inches(0.7), Inches(1.7), Inches(11.9), Inches(5))
    drawn: Any = slide.shapes.add_chart(kind, *place, cast(Any, data))
    _describe(slide, drawn, data)
    chart = drawn.chart
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    chart.font.size = Pt(14)
    chart.category_axis.reverse_order = True  # the first row stands at the top
    chart.value_axis.has_major_gridlines = False
    for series, colour in zip(chart.plots[0].series, colours, strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(colour.upper())


def _describe(slide: Slide, drawn: Any, data: CategoryChartData) -> None:
    """Say in words what a chart shows, to whoever hears the slides read out or speaks to them."""
    title: Any = slide.shapes.title
    rows = [
        f"{category.label}: " + ", ".join(f"{one.name} {list(one.values)[place]:g}" for one in data)
        for place, category in enumerate(data.categories)
    ]
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
