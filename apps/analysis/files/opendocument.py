"""ODT: the text by pages, and a copy without those who wrote it and what no page of it shows.

source  OASIS OpenDocument 1.3, part 2 (packages) and part 3 (schema)
"""

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from apps.analysis.files.limits import Unfit
from apps.analysis.files.markup import parse, take_out, written
from apps.analysis.files.packages import SMALL, open_package, read_member, write_changed
from apps.analysis.files.pictures import without_details

MIMETYPE = b"application/vnd.oasis.opendocument.text"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
CREATOR = frozenset({f"{DC}creator", f"{DC}date", f"{META}creator-initials", f"{META}date-string"})
NOT_READ = frozenset({f"{OFFICE}annotation", f"{TEXT}tracked-changes", f"{TEXT}note-citation"})
# Of these nothing is published: remarks on the text, and what was deleted.
TAKEN_OUT = (
    *(f"{OFFICE}annotation", f"{OFFICE}annotation-end", f"{TEXT}tracked-changes"),
    *(f"{TEXT}change", f"{TEXT}change-start", f"{TEXT}change-end"),
)
BLOCKS = (f"{TEXT}p", f"{TEXT}h")
PICTURES = (".jpg", ".jpeg", ".png")
DROPPED = ("META-INF/documentsignatures.xml", "Thumbnails/thumbnail.png", "layout-cache")
NOTHING_ABOUT_IT = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta xmlns:office='
    b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"><office:meta/>'
    b"</office:document-meta>"
)
NO_SETTINGS = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-settings xmlns:office='
    b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"/>'
)


def check(stream: BinaryIO) -> None:
    """Raise Unfit unless a package is a text document without password."""
    with open_package(stream) as package:
        names = package.namelist()
        if names[0] != "mimetype" or "content.xml" not in names:
            raise Unfit("other_kind")
        if read_member(package, "mimetype", most=200).strip() != MIMETYPE:
            raise Unfit("other_kind")
        if "META-INF/manifest.xml" in names:
            manifest = read_member(package, "META-INF/manifest.xml", most=SMALL)
            if b"encryption-data" in manifest:
                raise Unfit("encrypted")


def pages(stream: BinaryIO) -> Iterator[str]:
    """Yield the text of each page, as far as the document says where pages break."""
    with open_package(stream) as package:
        root, text = _opened(package)
        beside = _beside(package)
    breaking = {
        style.get(f"{STYLE}name")
        for style in root.iter(f"{STYLE}style")
        if any(p.get(f"{FO}break-before") == "page" for p in style)
    }
    lines: list[str] = []
    for block in _blocks(text):
        words, *after = _paragraph(block)
        if block.get(f"{TEXT}style-name") in breaking and any(map(str.strip, lines)):
            yield "\n".join(lines).strip()
            lines = []
        lines.append(words)
        for words in after:
            if any(map(str.strip, lines)):
                yield "\n".join(lines).strip()
            lines = [words]
    yield "\n".join([*lines, *beside]).strip()


def clean(stream: BinaryIO, out: BinaryIO) -> None:
    """Write the document without its properties, authors, comments and deleted words."""
    with open_package(stream) as package:
        _opened(package)
        write_changed(package, out, _cleaned)


def _opened(package: zipfile.ZipFile) -> tuple[etree._Element, etree._Element]:
    """Return the root of the content and the text in it; raise Unfit where there is none."""
    root = parse(read_member(package, "content.xml"))
    text = root.find(f"{OFFICE}body/{OFFICE}text")
    if text is None:
        raise Unfit("other_kind")
    return root, text


def _beside(package: zipfile.ZipFile) -> list[str]:
    """Return what stands above and below each page."""
    if "styles.xml" not in package.namelist():
        return []
    styles = parse(read_member(package, "styles.xml"))
    pages = styles.find(f"{OFFICE}master-styles")
    return [] if pages is None else ["".join(_paragraph(block)) for block in _blocks(pages)]


def _blocks(text: etree._Element) -> Iterator[etree._Element]:
    """Yield paragraphs and headings and page breaks between them; none that lies in another."""
    stack = [text]
    while stack:
        element = stack.pop()
        if element.tag in NOT_READ:
            continue
        if element.tag in BLOCKS or element.tag == f"{TEXT}soft-page-break":
            yield element
        else:
            stack.extend(reversed(element))


def _paragraph(block: etree._Element) -> list[str]:
    """Return the words of a paragraph, cut where pages break."""
    found = [""]
    # Elements and the words between them, the next one last.
    stack: list[etree._Element | str] = [block]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            found[-1] += part
            continue
        if part.tag == f"{TEXT}soft-page-break":
            found.append("")
        found[-1] += _stands_for(part)
        if part.tag in NOT_READ:
            continue
        for child in reversed(part):
            stack.append(child.tail or "")
            stack.append(child)
        stack.append(part.text or "")
    return found


def _stands_for(element: etree._Element) -> str:
    if element.tag == f"{TEXT}s":
        times = element.get(f"{TEXT}c", "1")
        return " " * min(int(times) if times.isdecimal() and len(times) < 4 else 1, 100)
    if element.tag == f"{TEXT}tab":
        return "\t"
    is_inner_block = element.tag in BLOCKS and element.getparent().tag != f"{OFFICE}text"
    if element.tag == f"{TEXT}line-break":
        return "\n"
    return " " if is_inner_block and element.getparent().tag == f"{TEXT}note-body" else ""


def _cleaned(name: str, held: bytes) -> bytes | None:
    if name in DROPPED:
        return None
    if name == "meta.xml" or name.endswith("/meta.xml"):
        return NOTHING_ABOUT_IT
    if name == "settings.xml" or name.endswith("/settings.xml"):
        return NO_SETTINGS  # names the printer, and may hold its set-up with an account in it
    if name.casefold().endswith(PICTURES):
        return without_details(held)
    if name == "META-INF/manifest.xml":
        return _manifest(held)
    return _part(held) if name.endswith(("content.xml", "styles.xml")) else held


def _part(held: bytes) -> bytes:
    root = parse(held)
    for element in list(root.iter(*TAKEN_OUT)):
        take_out(element)
    for element in root.iter(*CREATOR):
        element.text = None
    return written(root)


def _manifest(held: bytes) -> bytes:
    root = parse(held)
    for entry in list(root):
        if entry.get(f"{MANIFEST}full-path") in DROPPED:
            root.remove(entry)
    return written(root)
