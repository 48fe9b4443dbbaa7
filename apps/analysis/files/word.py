"""DOCX: the text by pages, and a copy without those who wrote it and what no page of it shows.

source  ECMA-376, part 1 (parts and elements), part 2 (packages, core properties)
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from apps.analysis.files.limits import Unfit
from apps.analysis.files.markup import parse, take_out, written
from apps.analysis.files.packages import SMALL, open_package, read_member, write_changed
from apps.analysis.files.pictures import without_details

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODIES = (W.strip("{}"), "http://purl.oclc.org/ooxml/wordprocessingml/main")
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
PICTURES = (".jpg", ".jpeg", ".png")
# Deleted text, moved-away text, field codes, what older programs show instead.
NOT_READ = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback"})
# What was deleted or moved away, blocks that were never put in, and what leads to remarks.
NOT_PUBLISHED = frozenset(
    {
        *("del", "moveFrom", "delText", "delInstrText", "docParts"),
        *("commentReference", "commentRangeStart", "commentRangeEnd"),
    }
)
REMARKED = re.compile(r"word/comments\w*\.xml")
ABOUT_AUTHORS = frozenset({"initials", "date", "dateUtc", "userId", "providerId"})
# Notes, and what stands above and below each page.
BESIDE = re.compile(r"word/(footnotes|endnotes|header\d*|footer\d*)\.xml")
TEMPLATE = "/attachedTemplate"
HYPERLINK = "/hyperlink"
PROPERTIES = {
    "docProps/core.xml": b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/'
    b'2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/'
    b'2006/extended-properties"/>',
    "docProps/custom.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/'
    b'2006/custom-properties"/>',
}
PEOPLE = b'<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"/>'
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def check(stream: BinaryIO) -> None:
    """Raise Unfit unless the directory of a package is that of a document without macros."""
    with open_package(stream) as package:
        names = set(package.namelist())
        if "[Content_Types].xml" not in names or "_rels/.rels" not in names:
            raise Unfit("other_kind")
        types = read_member(package, "[Content_Types].xml", most=SMALL)
        if b"macroEnabled" in types:
            raise Unfit("macros")
        if b"wordprocessingml" not in types:
            raise Unfit("other_kind")


def pages(stream: BinaryIO) -> Iterator[str]:
    """Yield the text of each page, as far as the document says where pages break."""
    with open_package(stream) as package:
        body = body_of(package)
        lines: list[str] = []
        for block in _paragraphs(body):
            words, *after = _paragraph(block)
            lines.append(words)
            for words in after:
                if any(line.strip() for line in lines):
                    yield "\n".join(lines).strip()
                lines = [words]
        for part in filter(BESIDE.fullmatch, package.namelist()):
            lines += _lines_of(parse(read_member(package, part)))
        yield "\n".join(lines).strip()


def clean(stream: BinaryIO, out: BinaryIO) -> None:
    """Write the document without properties, authors, comments, templates and deleted words."""
    with open_package(stream) as package:
        body_of(package)
        write_changed(package, out, _cleaned)


def body_of(package: zipfile.ZipFile) -> etree._Element:
    """Return the body of the main part; raise Unfit where there is none."""
    root = parse(read_member(package, main_part(package)))
    for body in root:
        if etree.QName(body).localname == "body" and etree.QName(body).namespace in BODIES:
            return body
    raise Unfit("other_kind")


def main_part(package: zipfile.ZipFile) -> str:
    """Return the name of the part that holds the text; raise Unfit where there is none."""
    relations = parse(read_member(package, "_rels/.rels", most=SMALL))
    for relation in relations.iter(RELATION):
        if relation.get("Type", "").endswith("/officeDocument"):
            return posixpath.normpath(relation.get("Target", "").lstrip("/"))
    raise Unfit("other_kind")


def _paragraphs(body: etree._Element) -> Iterator[etree._Element]:
    """Yield paragraphs that lie in no other one; those in a text box are read with theirs."""
    stack = [body]
    while stack:
        element = stack.pop()
        if etree.QName(element).localname == "p":
            yield element
        else:
            stack.extend(reversed(element))


def _lines_of(notes: etree._Element) -> list[str]:
    return ["".join(_paragraph(block)) for block in _paragraphs(notes)]


def _paragraph(block: etree._Element) -> list[str]:
    """Return the words of a paragraph, cut where pages break."""
    found = [""]
    stack = [block]
    while stack:
        element = stack.pop()
        name = etree.QName(element).localname
        if name in NOT_READ:
            continue
        if name != "p" or element is not block:
            found[-1] += _words(element, name)
        is_page = name == "br" and element.get(f"{W}type") == "page"
        if is_page or name == "lastRenderedPageBreak":
            found.append("")
        stack.extend(reversed(element))
    return found


def _words(element: etree._Element, name: str) -> str:
    if name == "t":
        return element.text or ""
    if name == "tab":
        # Tab stops in the properties of a paragraph have the same name.
        return "\t" if etree.QName(element.getparent()).localname == "r" else ""
    if name in ("br", "cr", "p"):
        is_break = name != "br" or element.get(f"{W}type") in (None, "textWrapping")
        return "\n" if is_break else ""
    return "\u2011" if name == "noBreakHyphen" else ""


def _cleaned(name: str, held: bytes) -> bytes | None:
    if name in PROPERTIES:
        return DECLARATION + PROPERTIES[name]
    if name.endswith("/people.xml"):
        return DECLARATION + PEOPLE
    if name.endswith(".rels"):
        return _relations(name, held)
    if name.startswith("customXml/item") and name.endswith(".xml"):
        return DECLARATION + b"<cleaned/>" if "Props" not in name else held
    if name.startswith("word/embeddings/"):
        return b""  # a document inside the document has properties of its own
    if name.casefold().endswith(PICTURES):
        return without_details(held)
    if name.startswith("docProps/"):
        return None if name == "docProps/thumbnail.wmf" else without_details(held)
    return _part(name, held) if name.endswith(".xml") and name.startswith("word/") else held


def _part(name: str, held: bytes) -> bytes:
    root = parse(held)
    if REMARKED.fullmatch(name):
        root.clear()
    for element in list(root.iter(etree.Element)):
        if etree.QName(element).localname in NOT_PUBLISHED:
            take_out(element)
        else:
            _take_off_authors(element)
    if name == "word/settings.xml":
        for element in list(root):
            if etree.QName(element).localname in ("rsids", "attachedTemplate", "docVars"):
                root.remove(element)
    return written(root)


def _take_off_authors(element: etree._Element) -> None:
    for attribute in list(element.attrib):
        local = etree.QName(attribute).localname
        if local.startswith("rsid") or local in ABOUT_AUTHORS:
            del element.attrib[attribute]
        elif local == "author":
            # It must be there; Word itself writes this word when it is asked to clean.
            element.set(attribute, "Author")


def _relations(name: str, held: bytes) -> bytes:
    root = parse(held)
    for relation in list(root.iter(RELATION)):
        kind, is_external = relation.get("Type", ""), relation.get("TargetMode") == "External"
        if kind.endswith(TEMPLATE):
            relation.getparent().remove(relation)
        elif is_external and not kind.endswith(HYPERLINK):
            relation.set("Target", "about:blank")  # nothing is fetched when it is opened
    return written(root)
