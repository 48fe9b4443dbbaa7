"""How a briefing goes on paper."""

from pathlib import Path

from apps.briefings.content import BriefingContent
from apps.briefings.renderers.paper import paper_data
from apps.core.typesetting import RenderedPdf, printed_pdf

TEMPLATE = Path(__file__).parent.parent / "typst" / "briefing.typ"


def render_pdf(content: BriefingContent) -> RenderedPdf:
    """Return the briefing as a tagged PDF; the same content gives the same bytes."""
    return printed_pdf(TEMPLATE, paper_data(content), at=content.document.dated_at)
