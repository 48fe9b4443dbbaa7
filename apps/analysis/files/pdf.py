"""PDF: the text of each page, and a copy without those who made it and what no page of it shows.

source  ISO 32000-2, 7.5 (structure of a file), 12.5 (annotations), 14.3 (metadata)
"""

import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
)

from apps.analysis.files.limits import Unfit
from apps.analysis.files.pictures import without_details

BEGINS = re.compile(rb"%PDF-[12]\.\d")
ENCRYPTED = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
# At the end of a line nearly every hyphen before a small letter was put there by the typesetter.
DIVIDED = re.compile(r"(?<=[^\W\d_])(?:-(?=\n[a-zß-öø-ÿ])|\u00ad(?=\n))\n")
TAIL = 2_048
LONGEST_TRAIL = 64  # white space, and what some mail programs add
ZIP_END = b"PK\x05\x06"
LONGEST_ZIP_TAIL = 65_557
# Of any dictionary: metadata, data of programs, files beside the text, what runs by itself.
NOT_KEPT = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/AA", "/OpenAction", "/JavaScript"),
    *("/EmbeddedFiles", "/XFA", "/Perms", "/DSS", "/SpiderInfo", "/Collection", "/Legal"),
)
# Of an annotation: who wrote it, and when. A form field's name stands under /T as well.
ABOUT_ANNOTATION = ("/T", "/M", "/CreationDate", "/NM", "/RC", "/Subj")
# Annotations that stand on a page for everybody; the words of others are remarks on it.
ON_PAGES = frozenset({"/FreeText", "/Widget", "/Link", "/Stamp"})
RUNS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToE"})
Found = tuple[int, Iterator[str]]


def check(stream: BinaryIO) -> None:
    """Raise Unfit unless the bytes begin and end as a PDF does, and no password is named."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if not BEGINS.match(stream.read(8)):
        raise Unfit("other_kind")
    stream.seek(0)
    data = stream.read()
    if ENCRYPTED.search(data):
        raise Unfit("encrypted")
    if ZIP_END in data[-LONGEST_ZIP_TAIL:]:
        raise Unfit("two_kinds")
    end = data.rfind(b"%%EOF", max(size - TAIL, 0))
    if end < 0:
        raise Unfit("damaged")
    trail = data[end + 5 :].strip(b"\0\t\n\f\r ")
    if len(trail) > LONGEST_TRAIL:
        raise Unfit("two_kinds")


def read(stream: BinaryIO) -> Found:
    """Return the number of pages and their texts, each read when it is asked for."""
    reader = _opened(stream)
    count = len(reader.pages)
    if not count:
        raise Unfit("damaged")
    return count, (joined("\n".join(_words_of(page))) for page in reader.pages)


def _words_of(page: PageObject) -> Iterator[str]:
    """Yield the text of a page, and what was written into its fields and on top of it."""
    yield page.extract_text()
    for held in _value(page, "/Annots") or ():
        annotation = held.get_object()
        kind = _value(annotation, "/Subtype")
        if kind == "/FreeText":
            said = _value(annotation, "/Contents")
        elif kind == "/Widget":
            said = _value(annotation, "/V") or _value(_value(annotation, "/Parent"), "/V")
        else:
            continue
        # A name is the state of a button.
        if isinstance(said, str) and not isinstance(said, NameObject) and said.strip():
            yield said


def _value(held: Any, name: str) -> Any:
    return held[name] if isinstance(held, DictionaryObject) and name in held else None


def joined(text: str) -> str:
    """Return a text with words put together that a line break divided."""
    return DIVIDED.sub("", text)


def clean(stream: BinaryIO, out: BinaryIO) -> None:
    """Write the document without information about it, embedded files, scripts and old versions.

    What no page needs is left out as a whole: earlier versions of a file that was saved again.
    raises  Unfit: damaged; encrypted; not_cleaned where something is still found in the copy
    """
    try:
        reader = _opened(stream)
        if not len(reader.pages):
            raise Unfit("damaged")
        writer = PdfWriter(clone_from=reader)
        writer.metadata = None
        writer._ID = None  # tells which file it was made from
        for held in writer._objects:
            _clean_object(held)
        _keep_what_is_needed(writer)
        copy = io.BytesIO()
        writer.write(copy)
        _require_clean(copy)
    except PyPdfError as error:
        raise Unfit("damaged") from error
    out.write(copy.getvalue())


def _opened(stream: BinaryIO) -> PdfReader:
    try:
        reader = PdfReader(stream, strict=False)
        if reader.is_encrypted:
            raise Unfit("encrypted")
    except PyPdfError as error:
        raise Unfit("damaged") from error
    return reader


def _inside(held: PdfObject | None) -> Iterator[Any]:
    """Yield an object and everything in it, as far as no reference leads out of it."""
    stack: list[Any] = [held]
    while stack:
        one = stack.pop()
        yield one
        if isinstance(one, DictionaryObject):
            stack.extend(one.values())
        elif isinstance(one, ArrayObject):
            stack.extend(one)


def _clean_object(held: PdfObject | None) -> None:
    for one in _inside(held):
        if not isinstance(one, DictionaryObject):
            continue
        for name in NOT_KEPT:
            one.pop(name, None)
        kind, subtype = one.get("/Type"), one.get("/Subtype")
        if kind == "/Annot" or (subtype and "/Rect" in one):
            _clean_annotation(one)
        if one.get("/S") in RUNS or kind == "/Sig":
            one.clear()
        elif subtype == "/Image" and one.get("/Filter") == "/DCTDecode":
            one._data = without_details(one._data)  # type: ignore[attr-defined]


def _clean_annotation(annotation: DictionaryObject) -> None:
    if annotation.get("/Subtype") != "/Widget":
        for name in ABOUT_ANNOTATION:
            annotation.pop(name, None)
    if annotation.get("/Subtype") not in ON_PAGES:
        annotation.pop("/Contents", None)
    annotation.pop("/FS", None)


def _keep_what_is_needed(writer: PdfWriter) -> None:
    """Empty every object that cannot be reached from the root any more."""
    objects = writer._objects
    root = writer.root_object.indirect_reference
    needed: set[int] = set()
    pending = [root.idnum] if root else []
    while pending:
        number = pending.pop()
        if number in needed or not 0 < number <= len(objects):
            continue
        needed.add(number)
        for one in _inside(objects[number - 1]):
            if isinstance(one, IndirectObject):
                pending.append(one.idnum)
    for place in range(len(objects)):
        if place + 1 not in needed:
            objects[place] = None


def _require_clean(copy: io.BytesIO) -> None:
    """Raise Unfit where a copy read again still says something about its maker."""
    reader = PdfReader(copy, strict=False)
    has_information = bool(reader.metadata)
    data = copy.getvalue()
    if has_information or reader.xmp_metadata is not None or b"<x:xmpmeta" in data:
        raise Unfit("not_cleaned")
