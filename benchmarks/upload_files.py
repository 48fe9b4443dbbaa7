"""Makes the files of the upload benchmark: hostile ones of many kinds, and honest ones of each."""

import io
import random
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import docx
import typst

MEGA = 1024 * 1024
SENTENCE = "Inspectors from two countries must confirm every shutdown of a training run."
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = (
    "../../../etc/passwd.txt",
    "..\\..\\windows\\system.txt",
    "invoice\u202efdp.txt",
    "zero\u200bwidth\u2060.txt",
    "null\x00byte.txt",
    "line\nbreak\r.txt",
    '"quotes";filename=x.txt',
    "<script>alert(1)</script>.txt",
    "." * 300 + ".txt",
    "p" * 5_000 + ".txt",
    "CON.txt",
    "~root.txt",
    "$(reboot).txt",
    "%2e%2e%2f.txt",
    "\u0627\u0644\u0631\u0633\u0627\u0644\u0629.txt",
    "\ufeffmark.txt",
    "tags\U000e0041\U000e0042.txt",
    "a/b/c.txt",
    " .txt",
    "emoji\U0001f468\u200d\U0001f469.txt",
)


@dataclass(frozen=True)
class Sent:
    """A file on its way in. `taken` says whether it must be read: True, False, or None for either.

    Either way nothing may crash, and whatever happens must be said.
    """

    name: str
    data: bytes
    what: str
    taken: bool | None = False


def honest() -> list[Sent]:
    """Return files as people make them, each of which must be read to its end."""
    return [
        Sent("paper.pdf", pdf(SENTENCE, "Second page."), "PDF of two pages", taken=True),
        Sent("long.pdf", pdf(*[f"Page {n}. {SENTENCE}" for n in range(120)]), "PDF", taken=True),
        Sent("paper.docx", word(SENTENCE), "DOCX", taken=True),
        Sent("long.docx", word(*[f"{n}. {SENTENCE}" for n in range(2_000)]), "DOCX", taken=True),
        Sent("paper.odt", opendocument(), "ODT", taken=True),
        Sent("paper.txt", SENTENCE.encode(), "TXT", taken=True),
        Sent("arabic.txt", "يجب أن تكون العتبة أقل.".encode(), "TXT, Arabic", taken=True),
        Sent("utf-16.txt", SENTENCE.encode("utf-16"), "TXT, UTF-16 with mark", taken=True),
        Sent("large.txt", (SENTENCE + "\n").encode() * 60_000, "TXT of 4.6 MB", taken=True),
        Sent("scan.pdf", typst.compile(b"#rect(width: 5cm)"), "PDF without text", taken=True),
    ]


def hostile() -> list[Sent]:
    """Return files that are malformed or meant to harm; hostile PDF are in `upload_pdfs`."""
    makers = (truncated, kinds, bombs, polyglots, packages, xml, encodings, names, noise)
    return [sent for make in makers for sent in make()]


def pdf(*pages: str) -> bytes:
    source = '#set document(title: "T", author: "Jane Volunteer")\n'
    return typst.compile((source + "\n#pagebreak()\n".join(pages or (SENTENCE,))).encode())


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    document.core_properties.author = "Jane Volunteer"
    for words in paragraphs or (SENTENCE,):
        document.add_paragraph(words)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def opendocument(content: bytes | None = None, manifest: str = "") -> bytes:
    held = io.BytesIO()
    body = f"<office:body><office:text><text:p>{SENTENCE}</text:p></office:text></office:body>"
    spaces = f'xmlns:office="{OFFICE}:office:1.0" xmlns:text="{OFFICE}:text:1.0"'
    document = f"<office:document-content {spaces}>{body}</office:document-content>"
    listed = f'<m:manifest xmlns:m="{OFFICE}:manifest:1.0">{manifest}</m:manifest>'
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content or document, zipfile.ZIP_DEFLATED)
        package.writestr("META-INF/manifest.xml", listed)
    return held.getvalue()


def changed(package: bytes, news: dict[str, bytes]) -> bytes:
    """Return a package with members replaced or added."""
    held, news = io.BytesIO(), dict(news)
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(held, "w", 8) as new:
        for member in old.infolist():
            new.writestr(member.filename, news.pop(member.filename, old.read(member)))
        for name, data in news.items():
            new.writestr(name, data)
    return held.getvalue()


def truncated() -> Iterator[Sent]:
    for name, data in (("t.pdf", pdf()), ("t.docx", word()), ("t.odt", opendocument())):
        for part in range(1, 25):
            cut = len(data) * part // 25
            yield Sent(name, data[:cut], f"cut after {part} of 25 parts")


def kinds() -> Iterator[Sent]:
    """Yield files whose name and bytes do not agree, and kinds that are not taken."""
    whole = {"pdf": pdf(), "docx": word(), "odt": opendocument(), "txt": SENTENCE.encode()}
    for extension in whole:
        for kind, data in whole.items():
            if kind != extension:
                yield Sent(f"w.{extension}", data, f"{kind} called {extension}")
    for extension in ("exe", "doc", "docm", "rtf", "html", "svg", "zip", "js", "", "pdf.exe"):
        yield Sent(f"w.{extension}", whole["pdf"], f"PDF called {extension or 'nothing'}")
    for extension in whole:
        yield Sent(f"empty.{extension}", b"", "empty")
        yield Sent(f"large.{extension}", whole[extension] + b"\n" * 20 * MEGA, "20 MB and more")
        yield Sent(f"zeros.{extension}", bytes(4_096), "NUL bytes")
    yield Sent("exact.txt", b"a" * (20 * MEGA + 1), "20 MB + 1")
    yield Sent("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(8_192), "with password")
    for sign in (b"<html>", b"<!DOCTYPE html>", b"<?xml?>", b"{\\rtf1}", b"%PDF-1.7", b"#!/bin/sh"):
        yield Sent("sign.txt", sign + b" alert(1)", f"text that begins with {sign!r}")


def bombs() -> Iterator[Sent]:
    for size in (60, 120, 200):
        yield Sent("b.docx", changed(word(), {"word/x.xml": bytes(size * MEGA)}), f"{size} MB")
    many = {f"word/{n}.xml": bytes(10 * MEGA) for n in range(20)}
    yield Sent("flat.docx", changed(word(), many), "20 members of 10 MB")
    inner = changed(word(), {"word/x.xml": bytes(40 * MEGA)})
    for _depth in range(3):
        inner = changed(word(), {"word/embeddings/inner.docx": inner})
    yield Sent("nested.docx", inner, "nested package", None)
    yield Sent("members.docx", changed(word(), {f"m/{n}": b"" for n in range(5_000)}), "5,000")
    yield Sent("overlap.docx", overlapping(), "members over each other")
    for claim in (10, 1_000, 100_000):
        yield Sent("lies.docx", lying(claim), f"directory claims {claim} bytes", None)
    text = b"<w:t>" + b"a" * 45 * MEGA + b"</w:t>"
    yield Sent("wide.docx", changed(word(), {"word/document.xml": document(text)}), "45 MB", None)
    for levels in (300, 100_000):
        nested = b"<w:p>" * levels + b"</w:p>" * levels
        data = changed(word(), {"word/document.xml": document(nested)})
        yield Sent("deep.docx", data, f"{levels} levels", None)


def document(body: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return b'<w:document xmlns:w="' + space + b'"><w:body>' + body + b"</w:body></w:document>"


def overlapping() -> bytes:
    """Return a package whose directory names the same bytes many times."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b"wordprocessingml" + bytes(900_000))
        first = package.infolist()[0]
        for number in range(50):
            again = zipfile.ZipInfo(f"word/{number}.xml")
            for name in ("CRC", "compress_size", "file_size", "header_offset", "compress_type"):
                setattr(again, name, getattr(first, name))
            package.filelist.append(again)
    return held.getvalue()


def lying(claim: int) -> bytes:
    """Return a package that says its text is shorter than it is."""
    data = bytearray(changed(word(), {"word/document.xml": document(b" " * 30 * MEGA)}))
    place = data.rfind(b"word/document.xml") - 46
    struct.pack_into("<L", data, place + 24, claim)
    return bytes(data)


def polyglots() -> Iterator[Sent]:
    a_pdf, a_word, an_odt = pdf(), word(), opendocument()
    yield Sent("p.pdf", a_pdf + a_word, "PDF, then DOCX")
    yield Sent("p.docx", a_pdf + a_word, "PDF, then DOCX")
    yield Sent("p.docx", b"MZ" + a_word, "program, then DOCX")
    yield Sent("p.docx", a_word + a_pdf, "DOCX, then PDF")
    yield Sent("p.pdf", b"<script>alert(1)</script>" + a_pdf, "page, then PDF")
    yield Sent("p.pdf", a_pdf + b"<script>alert(1)</script>" * 100, "PDF, then page")
    yield Sent("p.odt", b"GIF89a" + an_odt, "picture, then ODT")
    yield Sent("p.odt", an_odt + an_odt, "two ODT")
    commented = bytearray(a_word)
    commented[-2:] = struct.pack("<H", 40)
    yield Sent("c.docx", bytes(commented) + b"<?php system($_GET[1]); ?>".ljust(40), "in a comment")
    for size in (1, 100, 5_000, 70_000):
        yield Sent("p.docx", bytes(size) + a_word, f"{size} bytes before")
        yield Sent("p.docx", a_word + bytes(size), f"{size} bytes behind")


def packages() -> Iterator[Sent]:
    """Yield packages that hold what a document must not, or lack what it needs."""
    for name in ("word/vbaProject.bin", "word/vbaData.xml", "word/activeX/activeX1.bin"):
        yield Sent("macro.docx", changed(word(), {name: b"x"}), name)
    types = (
        b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled"/></Types>'
    )
    yield Sent("macro.docx", changed(word(), {"[Content_Types].xml": types}), "macro type")
    for name in ("Basic/Standard/script.xml", "Scripts/python/evil.py"):
        yield Sent("macro.odt", changed(opendocument(), {name: b"x"}), name)
    for name in ("../../evil.xml", "/etc/passwd", "a\\b.xml", "a/../../b", "nul\x01.xml"):
        yield Sent("path.docx", changed(word(), {name: b"x"}), f"member {name!r}")
    secret = '<m:file-entry><m:encryption-data m:checksum="x"/></m:file-entry>'
    yield Sent("secret.odt", opendocument(manifest=secret), "encrypted ODT")
    flagged = bytearray(word())
    for place in _places(flagged, b"PK\x01\x02"):
        flagged[place + 8] |= 1
    yield Sent("secret.docx", bytes(flagged), "encrypted members")
    for part in ("word/document.xml", "_rels/.rels", "[Content_Types].xml"):
        for data in (b"", b"<", b"\xff\xfe\x00", b"not xml at all", b"<a><b></a>"):
            yield Sent("part.docx", changed(word(), {part: data}), f"{part} is {data!r}", None)
    for data in (b"<", b"<a/>", bytes(100)):
        yield Sent("part.odt", opendocument(content=data), f"content is {data[:5]!r}")
    twice = io.BytesIO(word())
    with zipfile.ZipFile(twice, "a") as package:
        package.writestr("WORD/DOCUMENT.XML", b"other")
    yield Sent("twice.docx", twice.getvalue(), "a member twice")


def _places(data: bytes, sign: bytes) -> Iterator[int]:
    place = data.find(sign)
    while place >= 0:
        yield place
        place = data.find(sign, place + 1)


def xml() -> Iterator[Sent]:
    levels = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(10)
    )
    declared = {
        "a billion laughs": b"<!DOCTYPE w [" + levels + b"]>%s<w>&l9;</w>",
        "quadratic": b'<!DOCTYPE w [<!ENTITY a "' + b"a" * 100_000 + b'">]>%s<w>' + b"&a;" * 10_000,
        "a file": b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>%s<w>&a;</w>',
        "the web": b'<!DOCTYPE w [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>%s<w>&a;</w>',
        "a parameter": b'<!DOCTYPE w [<!ENTITY %% a SYSTEM "file:///etc/passwd">%%a;]>%s<w/>',
        "another DTD": b'<!DOCTYPE w SYSTEM "file:///etc/passwd">%s<w/>',
    }
    for what, data in declared.items():
        data = data.replace(b"%%", b"%").replace(b"%s", b"")
        yield Sent("e.docx", changed(word(), {"word/document.xml": data}), f"entity: {what}")
        yield Sent("e.odt", opendocument(content=data), f"entity: {what}")
        yield Sent(
            "e.docx", changed(word(), {"word/styles.xml": data}), f"entity in styles: {what}"
        )
    wide = levels.decode().encode("utf-16")
    yield Sent("e.docx", changed(word(), {"word/document.xml": wide}), "UTF-16 entities")
    attributes = b" ".join(b'a%d="x"' % n for n in range(200_000))
    body = b"<w:p " + attributes + b"/>"
    yield Sent("a.docx", changed(word(), {"word/document.xml": document(body)}), "attributes", None)


def encodings() -> Iterator[Sent]:
    for code in ("latin-1", "cp1252", "cp1251", "shift_jis", "koi8-r", "utf-32", "cp500"):
        words = "Größe" if code in ("latin-1", "cp1252", "cp500", "utf-32") else "Размер"
        yield Sent("c.txt", words.encode(code) * 10, f"text in {code}", None)
    for data in (b"\xff\xfe", b"\xff\xfea", b"\xfe\xff\xd8\x00", b"\xef\xbb\xbf", b"\xc0\xaf"):
        yield Sent("c.txt", data, f"text {data!r}")
    yield Sent("c.txt", b"words\x1b[2J\x07 and controls", "control characters")
    yield Sent("c.txt", "\u202e\u2066 turned".encode(), "turning characters", None)
    yield Sent("c.txt", b" \n\t\n ", "white space only")
    yield Sent("c.txt", b"\f" * 1_000_000 + b"x", "a million pages", None)
    yield Sent("c.txt", b"a" * 19 * MEGA, "one word of 19 MB", None)


def names() -> Iterator[Sent]:
    for number, name in enumerate(NAMES):
        yield Sent(name, f"Words of file {number}.".encode(), f"called {name[:24]!r}", None)


def noise() -> Iterator[Sent]:
    chance = random.Random(3)
    heads = {"pdf": b"%PDF-1.7\n", "docx": b"PK\x03\x04", "odt": b"PK\x03\x04", "txt": b""}
    for number in range(24):
        for extension, head in heads.items():
            data = head + chance.randbytes(200 * (number + 1))
            end = b"\n%%EOF" if extension == "pdf" else b""
            yield Sent(f"noise.{extension}", data + end, "noise", None)
