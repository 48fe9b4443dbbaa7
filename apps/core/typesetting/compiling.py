"""Calls typst, and has it forget a document when it is done."""

from datetime import datetime
from pathlib import Path

import typst

from apps.core.typesetting.fonts import printed_fonts

# typst keeps what it laid out until the tenth compilation after it, to speed up the next edit of
# a document. Nobody edits here, and a worker that prints all day would only grow.
COMPILATIONS_REMEMBERED = 11
# Templates of every app may import what lies here.
APPS = Path(__file__).parents[2]


def typeset_pdf(
    template: Path, inputs: dict[str, str], *, at: datetime, is_checked: bool = True
) -> bytes:
    """Return a tagged PDF, checked against PDF/UA-1 if asked; raise typst.TypstError if refused."""
    standards: list[typst.PDFStandard] = ["ua-1"] if is_checked else []
    compiler = typst.Compiler(input=str(template), root=str(APPS), font_paths=printed_fonts())
    try:
        pdf = compiler.compile(
            format="pdf", sys_inputs=inputs, pdf_standards=standards, timestamp=at
        )
    finally:
        _forget()
    return pdf if isinstance(pdf, bytes) else b""


def typeset_pictures(source: str, inputs: dict[str, str], *, pixels_per_inch: int) -> list[bytes]:
    """Return each page of a document as PNG."""
    compiler = typst.Compiler(input=source.encode(), font_paths=printed_fonts())
    try:
        images = compiler.compile(format="png", ppi=pixels_per_inch, sys_inputs=inputs)
    finally:
        _forget()
    if isinstance(images, list):
        return images
    return [images] if images else []


def _forget() -> None:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    for _compilation in range(COMPILATIONS_REMEMBERED):
        typst.Compiler(input=b" ", font_paths=fonts).compile(format="svg")
