"""How claims, quotations and pictures stand in a Word file."""

from collections.abc import Callable, Iterable
from html import unescape
from typing import Any

import typst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx.text.paragraph import Paragraph

from apps.briefings import charts
from apps.briefings.content import BriefingContent, Citation, Claim, Group, render_text
from apps.briefings.display import display_text, on_one_line
from apps.briefings.renderers.fonts import briefing_fonts
from apps.briefings.renderers.references import short_references
from apps.briefings.renderers.word import (
    QUOTATION,
    WordFile,
    add_link,
    add_mark,
    set_direction,
    set_edge,
)

PIXELS_PER_INCH = 190
PICTURES: tuple[Callable[[BriefingContent], str], ...] = (
    charts.heard_room,
    charts.heard_by_group,
    charts.campaign_share,
    charts.heard_over_time,
    charts.position_matrix,
    charts.themes_by_group,
)


def chart_pictures(content: BriefingContent) -> dict[str, bytes]:
    """Return the charts as PNG by name; Word cannot hold SVG that older versions show."""
    drawn = {make.__name__: charts.standalone_svg(make(content)) for make in PICTURES}
    pages = "\n".join(
        f'#page(width: auto, height: auto, margin: 2pt, image(bytes(sys.inputs.at("{name}")), '
        f'format: "svg", width: {480 if "chart-compact" in svg else 720}pt))'
        for name, svg in drawn.items()
    )
    compiler = typst.Compiler(input=pages.encode(), font_paths=briefing_fonts())
    images = compiler.compile(format="png", ppi=PIXELS_PER_INCH, sys_inputs=drawn)
    return dict(zip(drawn, images if isinstance(images, list) else [], strict=True))


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
        self.pictures = chart_pictures(content)

    def claims(self, claims: Iterable[Claim], *, nothing: str) -> None:
        """Write claims one after the other, or a sentence if there is none."""
        claims = list(claims)
        for claim in claims:
            self.claim(claim)
        if not claims:
            self.word.paragraph(nothing, "Lead")

    def claim(self, claim: Claim, *, quoted: bool = True) -> None:
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
        for citation in claim.citations if quoted else ():
            self.quotation(citation)

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
        """Write a chart with its title and its description as text alternative."""
        svg = make(self.content)
        title, words = (_inside(svg, name) for name in ("title", "desc"))
        self.word.picture(self.pictures[make.__name__], alt=words, title=title, width=width)


def _inside(svg: str, name: str) -> str:
    return unescape(svg.split(f"<{name}", 1)[1].split(">", 1)[1].split("<", 1)[0])
