"""How documents of every app go on paper."""

from apps.core.typesetting.compiling import typeset_pictures
from apps.core.typesetting.pdf import RenderedPdf, printed_pdf

__all__ = ["RenderedPdf", "printed_pdf", "typeset_pictures"]
