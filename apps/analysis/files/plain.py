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
PIECE = 1 << 20  # bytes


def check(stream: BinaryIO) -> None:
    """Raise Unfit unless the bytes are text and no other kind of text file.

    It is read piece by piece: the process of the web server that checks it holds no whole file.
    """
    is_empty = True
    for number, piece in enumerate(_pieces(stream)):
        if not number and piece[:LONGEST_SIGN].lstrip().casefold().startswith(OTHER_KINDS):
            raise Unfit("other_kind")
        is_empty = is_empty and not piece.strip()
    if is_empty:
        raise Unfit("empty")


def pages(stream: BinaryIO) -> Iterator[str]:
    """Yield the text, cut at form feeds."""
    text = "".join(_pieces(stream)).replace("\r\n", "\n").replace("\r", "\n")
    for page in text.split("\f"):
        yield page.strip("\n")


def clean(stream: BinaryIO, out: BinaryIO) -> None:
    """Write the text as UTF-8; it has no details about its maker."""
    for piece in _pieces(stream):
        out.write(piece.encode())


def _pieces(stream: BinaryIO) -> Iterator[str]:
    """Yield the text in pieces; raise Unfit where the bytes are no text."""
    data = stream.read(PIECE)
    decoder = codecs.getincrementaldecoder(MARKS.get(data[:2], "utf-8-sig"))()
    while True:
        try:
            piece = decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise Unfit("encoding") from error
        if CONTROLS.search(piece):
            raise Unfit("other_kind")
        yield piece
        if not data:
            return
        data = stream.read(PIECE)
