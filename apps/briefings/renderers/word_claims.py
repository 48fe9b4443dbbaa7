"""How claims, quotations and pictures stand in a Word file."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx.text.paragraph import Paragraph

from apps.briefings import charts
from apps.briefings.content import BriefingContent, Citation, Claim, Group, render_text
from apps.briefings.renderers.printing import PICTURED_ROWS
from apps.briefings.renderers.references import short_references
from apps.briefings.renderers.word import (
    WordFile,
    add_link,
    add_mark,
    set_direction,
    set_edge,
)
from apps.briefings.renderers.word_styles import QUOTATION
from apps.briefings.wording import contested_note, place_of
from apps.core.display import display_text, on_one_line
from apps.core.typesetting import typeset_pictures

PIXELS_PER_INCH = 190
ROWS = 12  # of a picture
PICTURES: tuple[Callable[[BriefingContent], str], ...] = (
    charts.heard_room,
    charts.heard_by_group,
    charts.campaign_share,
    charts.heard_over_time,
)


def chart_parts(content: BriefingContent) -> dict[str, str]:
    """Return the charts as SVG by name and part: a picture of many rows must not fill a page."""
    parts = {f"{make.__name__}/0": make(content) for make in PICTURES}
    for field, make in (("positions", charts.position_matrix), ("themes", charts.themes_by_group)):
        rows = getattr(content, field)[:PICTURED_ROWS]
        for place, start in enumerate(range(0, len(rows), ROWS)):
            some = content.model_copy(update={field: rows[start : start + ROWS]})
            parts[f"{make.__name__}/{place}"] = make(some)
    return parts


def chart_pictures(parts: dict[str, str]) -> dict[str, bytes]:
    """Return charts as PNG by name; Word cannot hold SVG that older versions show."""
    drawn = {name: charts.standalone_svg(chart) for name, chart in parts.items()}
    pages = "\n".join(
        f'#page(width: auto, height: auto, margin: 2pt, image(bytes(sys.inputs.at("{name}")), '
        f'format: "svg", width: {480 if "chart-compact" in svg else 720}pt))'
        for name, svg in drawn.items()
    )
    images = typeset_pictures(pages, drawn, pixels_per_inch=PIXELS_PER_INCH)
    return dict(zip(drawn, images, strict=True))


class ClaimWriter:
    """What every part of a briefing needs to write: claims, quotations, groups, pictures."""

    def __init__(self, content: BriefingContent) -> None:
        self.content = content
        self.word = WordFile(lang=content.document.lang)
        self.looks = {group.id: group for group in content.groups}
        self.submissions = {submission.ref: submission for submission in content.submissions}
        self.short = short_references(content)
        used = [one.ref for one in content.submissions if one.cited_in]
        self.anchors = {ref: f"submission_{place}" for place, ref in enumerate(used)}
        self.claim_anchors = {
            claim.id: f"claim_{place}" for place, claim in enumerate(content.claims())
        }
        self.charts = chart_parts(content)
        self.pictures = chart_pictures(self.charts)

    def claims(self, claims: Iterable[Claim], *, nothing: str) -> None:
        """Write claims one after the other, or a sentence if there is none."""
        claims = list(claims)
        for claim in claims:
            self.claim(claim)
        if not claims:
            self.word.paragraph(nothing, "Lead")

    def claim(self, claim: Claim, *, quoted: bool = True) -> Paragraph:
        """Write one claim with the references it rests on and what is quoted from them."""
        paragraph = self.word.paragraph()
        number = paragraph.add_run(f"{display_text(claim.id)}  ")
        number.font.size = self.word.document.styles["Cell"].font.size
        self.word.bookmark(number, self.claim_anchors[claim.id])
        if claim.origin == "model":
            paragraph.add_run(f"[{_('machine-written, checked')}] ").italic = True
        text = display_text(render_text(claim))
        paragraph.add_run(text)
        set_direction(paragraph, text)
        paragraph.add_run(" [")
        for place, ref in enumerate(dict.fromkeys(one.ref for one in claim.citations)):
            paragraph.add_run(" " if place else "")
            add_link(paragraph, self.short[ref], anchor=self.anchors[ref])
        paragraph.add_run("]" if claim.citations else _("computed") + "]")
        refs = (self.short[ref] for ref in claim.contested)
        if note := contested_note(refs, is_earlier=True):
            paragraph.add_run(f" {display_text(note)}").bold = True
        shown = [one for one in claim.citations if quoted and one.passage]
        paragraph.paragraph_format.keep_with_next = bool(shown)
        for citation in shown:
            self.quotation(citation)
        return paragraph

    def quotation(self, citation: Citation) -> None:
        """Write exact words in a style of their own, and whose they are."""
        if citation.passage is None:
            return
        submission = self.submissions[citation.ref]
        group = self.looks[submission.group]
        words = on_one_line(citation.passage.text)
        paragraph = self.word.paragraph(style=QUOTATION)
        paragraph.add_run(f"“{words}”")
        set_direction(paragraph, words)
        campaign = next(
            (one for one in self.content.heard.campaigns if one.id == citation.campaign), None
        )
        set_edge(paragraph, "595959" if campaign else group.colour[1:])
        source = self.word.paragraph(style="Source")
        if campaign:
            copies = ngettext("%(n)s copy", "%(n)s copies", campaign.letters)
            source.add_run(_("Campaign letter") + ", " + copies % {"n": campaign.letters} + " · ")
        else:
            add_mark(source, group)
            names = [display_text(group.name), on_one_line(submission.who)]
            source.add_run(" · ".join(filter(None, names)) + " · ")
        add_link(source, display_text(citation.ref), anchor=self.anchors[citation.ref])
        if place := place_of(citation.passage.part):
            source.add_run(", " + place)
        if address := citation.url or submission.url:
            source.add_run(" · ")
            add_link(source, _("source"), url=address)
        if citation.passage.check != "exact":
            source.add_run(" · " + _("wording restored from source"))

    def named(self, group: Group) -> Callable[[Paragraph], None]:
        """Return what fills a cell with the mark and name of a group."""

        def fill(paragraph: Paragraph) -> None:
            add_mark(paragraph, group)
            paragraph.add_run(display_text(group.name))

        return fill

    def picture(self, make: Callable[..., Any], *, width: float = 164) -> None:
        """Write a chart, in its parts, with title and description as text alternative."""
        for name, chart in self.charts.items():
            if name.startswith(f"{make.__name__}/"):
                title, words = charts.chart_words(chart)
                self.word.picture(self.pictures[name], alt=words, title=title, width=width)
