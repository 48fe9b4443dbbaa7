"""Reads the quotations of a tagged PDF back: by its structure tree, not by how the page looks."""

import re
from functools import lru_cache
from io import BytesIO

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

Marked = dict[tuple[int, int], str]


def quotes_in_pdf(data: bytes) -> list[str]:
    """Return the text of every Quote element without its quotation marks, in reading order."""
    reader, marked = _read(data)
    found: list[str] = []
    _walk(reader.trailer["/Root"]["/StructTreeRoot"], marked, found)
    return [one.strip().removeprefix("“").removesuffix("”") for one in found]


def all_text_in_pdf(data: bytes) -> str:
    """Return all marked text of a PDF, page by page, in the order in which it is drawn."""
    return " ".join(_read(data)[1].values())


@lru_cache(maxsize=1)  # of a long file quotations and text are asked for one after the other
def _read(data: bytes) -> tuple[PdfReader, Marked]:
    reader = PdfReader(BytesIO(data))
    marked: Marked = {}
    tables: dict[int, dict[int, str]] = {}
    for page in reader.pages:
        texts = marked_text(page, _tables_of(page, tables))
        marked |= {(page.indirect_reference.idnum, mcid): text for mcid, text in texts.items()}
    return reader, marked


def _tables_of(page: PageObject, known: dict[int, dict[int, str]]) -> dict[str, dict[int, str]]:
    """Return the tables of the fonts of a page, each of which is read for the first page only."""
    found = {}
    fonts = page["/Resources"].get("/Font", {})
    for name in fonts:
        number = fonts.raw_get(name).idnum
        if number not in known:
            known[number] = to_unicode(fonts[name])
        found[name] = known[number]
    return found


def _walk(element: DictionaryObject, marked: Marked, found: list[str]) -> None:
    if element.get("/S") == "/Quote":
        found.append(_text(element, marked, None))
        return
    for child in _children(element):
        child = child.get_object()
        if isinstance(child, DictionaryObject) and "/K" in child:
            _walk(child, marked, found)


def _children(element: DictionaryObject) -> list:
    children = element.get("/K", [])
    children = children.get_object() if hasattr(children, "get_object") else children
    return list(children) if isinstance(children, ArrayObject) else [children]


def _text(element: DictionaryObject, marked: Marked, page: int | None) -> str:
    page = element.raw_get("/Pg").idnum if "/Pg" in element else page
    parts = []
    for child in _children(element):
        child = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(child, int):
            parts.append(marked.get((page, int(child)), ""))
        elif child.get("/Type") == "/MCR":
            own = child.raw_get("/Pg").idnum if "/Pg" in child else page
            parts.append(marked.get((own, int(child["/MCID"])), ""))
        else:
            parts.append(_text(child, marked, page))
    return "".join(parts)


def marked_text(page: PageObject, fonts: dict[str, dict[int, str]]) -> dict[int, str]:
    """Return the text of each piece of marked content of a page."""
    texts: dict[int, str] = {}
    stack: list[tuple[int | None, bool]] = []
    table: dict[int, str] = {}
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        current = next((mcid for mcid, _ in reversed(stack) if mcid is not None), None)
        if operator in (b"BDC", b"BMC"):
            about = operands[1] if len(operands) > 1 else {}
            actual = about.get("/ActualText")
            stack.append((about.get("/MCID"), actual is not None))
            if actual is not None and current is not None:
                texts[current] = texts.get(current, "") + str(actual)
        elif operator == b"EMC":
            stack.pop()
        elif operator == b"Tf":
            table = fonts.get(operands[0], {})
        elif operator in (b"Tj", b"TJ") and current is not None and not any(a for _, a in stack):
            strings = operands[0] if operator == b"TJ" else [operands[0]]
            codes = b"".join(
                one.original_bytes for one in strings if hasattr(one, "original_bytes")
            )
            texts[current] = texts.get(current, "") + decode(codes, table)
    return texts


def decode(codes: bytes, table: dict[int, str]) -> str:
    pairs = zip(codes[::2], codes[1::2], strict=False)
    return "".join(table.get(high * 256 + low, "") for high, low in pairs)


def to_unicode(font: DictionaryObject) -> dict[int, str]:
    """Return which text each glyph code of a font stands for."""
    if "/ToUnicode" not in font:
        return {}
    data = font["/ToUnicode"].get_object().get_data().decode("latin-1")
    table: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", data, re.DOTALL):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", block):
            table[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", data, re.DOTALL):
        hexes = r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>"
        for first, last, text in re.findall(hexes, block):
            start = bytes.fromhex(text).decode("utf-16-be")
            for step in range(int(last, 16) - int(first, 16) + 1):
                table[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)
    return table
