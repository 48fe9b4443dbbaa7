"""PDF: a copy in which some pages are blank but for a notice, and keep their numbers.

source  ISO 32000-2, 7.7 (structure of a document), 12.3 (outlines), 14.7 (logical structure)
"""

import io
import textwrap
from collections.abc import Sequence
from typing import Any, BinaryIO

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DecodedStreamObject, DictionaryObject, FloatObject, NameObject

from apps.analysis.files.limits import Unfit
from apps.analysis.files.notices import LETTERS, Notice
from apps.analysis.files.pdf import _inside, _keep_what_is_needed, _opened

# Of the document: headings, alternative texts, values of forms and threads repeat what pages say.
REPEATS_PAGES = (
    *("/StructTreeRoot", "/MarkInfo", "/Outlines", "/Names", "/Dests", "/AcroForm"),
    *("/Threads", "/PageLabels"),
)
# Of a page, its threads and tags; of an annotation, fields, replies and windows of other pages.
BESIDE_PAGES = ("/B", "/StructParents")
BESIDE_ANNOTATIONS = ("/Parent", "/IRT", "/Popup", "/StructParent")
KEPT = ("/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate")
SIZE, LEADING, LINE = 12, 18, 60  # of letters and lines in points, of a line in characters


def blank(stream: BinaryIO, notices: Sequence[Notice], out: BinaryIO) -> None:
    """Write the document with a notice alone on some pages.

    Bookmarks, tags and forms of the whole document go, too: they repeat words of pages. What only
    a blank page needed is not in the copy at all.

    notices  (lines of text, numbers of the pages from 1 on that say them)
    raises   Unfit: damaged; encrypted; not_cleaned where a page still says something else
    """
    said = {page: lines for lines, pages in notices for page in pages}
    try:
        writer = PdfWriter(clone_from=_opened(stream))
        if not said or min(said) < 1 or max(said) > len(writer.pages):
            raise Unfit("damaged")
        _leave_pages_alone(writer)
        for number, lines in said.items():
            _blank_page(writer, writer.pages[number - 1], lines)
        writer.metadata = None
        writer._ID = None
        _keep_what_is_needed(writer)
        copy = io.BytesIO()
        writer.write(copy)
        _require_blank(copy, said)
    except PyPdfError as error:
        raise Unfit("damaged") from error
    out.write(copy.getvalue())


def _leave_pages_alone(writer: PdfWriter) -> None:
    """Take out what repeats words of pages, and what leads from one page into another."""
    for name in REPEATS_PAGES:
        writer.root_object.pop(name, None)
    for held in writer._objects:
        for one in _inside(held):
            if isinstance(one, DictionaryObject):
                is_annotation = "/Subtype" in one and "/Rect" in one
                for name in BESIDE_ANNOTATIONS if is_annotation else BESIDE_PAGES:
                    one.pop(name, None)


def _blank_page(writer: PdfWriter, page: Any, lines: Sequence[str]) -> None:
    for one in page.get("/Annots") or ():
        one.get_object().clear()
    height = float(page.mediabox.top)
    left = float(page.mediabox.left)
    kept = {name: page.raw_get(name) for name in KEPT if name in page}
    inherited = page.mediabox
    page.clear()
    page.update({NameObject(name): value for name, value in kept.items()})
    page[NameObject("/MediaBox")] = inherited
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(_drawn(lines, FloatObject(left + 4 * LEADING), height - 5 * LEADING))
    page[NameObject("/Contents")] = writer._add_object(stream)


def _drawn(lines: Sequence[str], left: float, top: float) -> bytes:
    wrapped = [part for line in lines for part in textwrap.wrap(line, LINE)]
    shown = b"".join(
        b"<" + line.encode(LETTERS, "replace").hex().encode() + b"> Tj T*\n" for line in wrapped
    )
    placed = f"BT /F1 {SIZE} Tf {LEADING} TL {left:.2f} {top:.2f} Td\n".encode()
    return placed + shown + b"ET\n"


def _require_blank(copy: io.BytesIO, said: dict[int, Sequence[str]]) -> None:
    """Raise Unfit where a blank page of a copy read again says more than its notice."""
    reader = PdfReader(copy, strict=False)
    for number, lines in said.items():
        text = "".join(reader.pages[number - 1].extract_text().split())
        told = "".join("".join(lines).encode(LETTERS, "replace").decode(LETTERS).split())
        if text != told or len(reader.pages[number - 1].images):
            raise Unfit("not_cleaned")
