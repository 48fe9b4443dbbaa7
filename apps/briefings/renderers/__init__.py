"""The four formats of a briefing, all from one content model: HTML, PDF, DOCX and JSON."""

from apps.briefings.renderers.docx import render_docx
from apps.briefings.renderers.html import briefing_context, render_html
from apps.briefings.renderers.json import render_json
from apps.briefings.renderers.pdf import render_pdf
from apps.briefings.renderers.printing import note_on_print
from apps.core.typesetting import RenderedPdf

__all__ = [
    "RenderedPdf",
    "briefing_context",
    "note_on_print",
    "render_docx",
    "render_html",
    "render_json",
    "render_pdf",
]
