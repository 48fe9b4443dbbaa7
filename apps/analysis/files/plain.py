"""TXT: Unicode text; form feeds break its pages."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from apps.analysis.files.limits import Unfit

MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Other kinds of files that are text as well.
OTHER_KINDS = ("%pdf-", "<!doctype", "<html", "<?xml", "<svg", "<script", "{\\rtf", "#!")
LONGEST_SIGN = 64


def check(stream: BinaryIO) -> None:
    """Raise Unfit unless the bytes are text and no other kind of text file."""
    text = _decoded(stream)
    if not text.strip():
        raise Unfit("empty")
    if text[:LONGEST_SIGN].lstrip().casefold().startswith(OTHER_KINDS):
        raise Unfit("other_kind")


def pages(stream: BinaryIO) -> Iterator[str]:
    """Yield the text, cut at form feeds."""
    text = _decoded(stream).replace("\r\n", "\n").replace("\r", "\n")
    for page in text.split("\f"):
        yield page.strip("\n")


def clean(stream: BinaryIO, out: BinaryIO) -> None:
    """Write the text as UTF-8; it has no details about its maker."""
    out.write(_decoded(stream).encode())


def _decoded(stream: BinaryIO) -> str:
    data = stream.read()
    encoding = MARKS.get(data[:2], "utf-8-sig")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unfit("encoding") from error
    if CONTROLS.search(text):
        raise Unfit("other_kind")
    return text
