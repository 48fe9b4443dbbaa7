"""Makes the hostile PDF of the upload benchmark, most of them object by object."""

import io
import random
import zlib
from collections.abc import Iterator

from pypdf import PdfReader, PdfWriter
from upload_files import MEGA, Sent, pdf


def raw(*objects: bytes, root: int = 1, trailer: bytes = b"") -> bytes:
    """Return a PDF of numbered objects with a correct table."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return out + head + table + end % (len(objects) + 1, root, trailer, len(out))


def stream(data: bytes, about: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), about, data)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R%s>>"
FONT = b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"


def hostile_pdfs() -> list[Sent]:
    """Return PDF that lock, loop, swell or are broken inside."""
    return [sent for make in (protected, trees, contents, broken) for sent in make()]


def protected() -> Iterator[Sent]:
    for method in ("RC4-40", "RC4-128", "AES-128", "AES-256"):
        for owner in (True, False):
            writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
            writer.encrypt("" if owner else "secret", owner_password="o", algorithm=method)
            held = io.BytesIO()
            writer.write(held)
            yield Sent("secret.pdf", held.getvalue(), f"{method}, owner only: {owner}")
    yield Sent("e.pdf", raw(CATALOG, PAGES, trailer=b"/Encrypt<</Filter/X>>"), "odd encryption")


def trees() -> Iterator[Sent]:
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(10_000))
    pages = [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * 10_000
    whole = b"<</Type/Pages/Count 10000/Kids[" + kids + b"]>>"
    yield Sent("many.pdf", raw(CATALOG, whole, *pages), "10,000 pages", None)
    for depth in (100, 1_000, 50_000):
        chain = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 3) for n in range(depth)]
        data = raw(CATALOG, *chain, b"<</Type/Page/MediaBox[0 0 9 9]>>")
        yield Sent("deep.pdf", data, f"page tree {depth} deep", None)
    yield Sent("loop.pdf", raw(CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), "cyclic tree")
    two = (b"<</Type/Pages/Kids[3 0 R 3 0 R]/Count 4>>", b"<</Type/Pages/Kids[2 0 R]/Count 2>>")
    yield Sent("loop.pdf", raw(CATALOG, *two), "cyclic tree of two")
    doubling = [b"<</Type/Pages/Count 1/Kids[%d 0 R %d 0 R]>>" % (n, n) for n in range(3, 43)]
    data = raw(CATALOG, *doubling, b"<</Type/Page/MediaBox[0 0 9 9]>>")
    yield Sent("doubling.pdf", data, "page tree that doubles 40 times", None)
    for count in (-1, 0, 10**9, 10**30):
        data = raw(CATALOG, b"<</Type/Pages/Kids[]/Count %d>>" % count)
        yield Sent("count.pdf", data, f"claims {count} pages")
    chain = [b"<</Title(x)/Next %d 0 R>>" % (n + 5) for n in range(5_000)]
    outline = b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>"
    yield Sent("outline.pdf", raw(outline, PAGES, PAGE % b"", *chain), "5,000 headings", None)


def contents() -> Iterator[Sent]:
    def page(data: bytes, about: bytes = b"") -> bytes:
        return raw(CATALOG, PAGES, PAGE % FONT, stream(data, about))

    packed = b"/Filter/FlateDecode"
    yield Sent("bomb.pdf", page(zlib.compress(bytes(500 * MEGA), 9), packed), "500 MB page", None)
    twice = zlib.compress(zlib.compress(bytes(900 * MEGA), 9), 9)
    yield Sent("bomb.pdf", page(twice, b"/Filter[/FlateDecode/FlateDecode]"), "twice", None)
    many = b"/Filter[" + b"/FlateDecode" * 5_000 + b"]"
    yield Sent("filters.pdf", page(b"x", many), "5,000 filters", None)
    for what, data in {
        "states": b"q " * 500_000,
        "texts": b"BT /F 9 Tf " + b"(a) Tj " * 700_000 + b"ET",
        "arrays": b"[" * 100_000,
        "dictionaries": b"<<" * 100_000,
        "brackets": b"(" * 1_000_000,
        "numbers": b"9" * 5_000_000,
        "inline picture": b"BI /W 999999 /H 999999 ID " + bytes(1_000),
        "nothing": b"",
        "noise": random.Random(1).randbytes(200_000),
        "matrices": b"BT /F 1 Tf " + b"1e308 0 0 1e308 1e308 1e308 Tm (a) Tj " * 5_000 + b"ET",
    }.items():
        yield Sent("content.pdf", page(data), f"content: {what}", None)
    itself = raw(
        CATALOG,
        PAGES,
        PAGE % b"/Resources<</XObject<</X 5 0 R>>>>",
        stream(b"/X Do"),
        stream(b"/X Do", b"/Subtype/Form/Resources<</XObject<</X 5 0 R>>>>"),
    )
    yield Sent("form.pdf", itself, "a form that draws itself", None)
    mapping = b"1 begincidrange <0000> <ffff> 0 endcidrange " * 2_000
    font = b"/Resources<</Font<</F<</Type/Font/Subtype/Type0/BaseFont/X/ToUnicode 5 0 R>>>>>>"
    data = raw(CATALOG, PAGES, PAGE % font, stream(b"BT /F 9 Tf <0001> Tj ET"), stream(mapping))
    yield Sent("map.pdf", data, "a large table of letters", None)
    ranges = b"1 beginbfrange <00000000> <ffffffff> <0000> endbfrange"
    data = raw(CATALOG, PAGES, PAGE % font, stream(b"BT /F 9 Tf <0001> Tj ET"), stream(ranges))
    yield Sent("map.pdf", data, "a table of four thousand million letters", None)


def broken() -> Iterator[Sent]:
    whole = raw(CATALOG, PAGES, PAGE % FONT, stream(b"BT /F 9 Tf (Words) Tj ET"))
    start = whole.rfind(b"startxref")
    for place in (b"0", b"-1", b"99999999", b"9" * 500, b"x", b"%d" % start):
        yield Sent("x.pdf", whole[:start] + b"startxref\n" + place + b"\n%%EOF", "table", None)
    table = b"trailer\n<</Size 5/Root 1 0 R/Prev %d>>" % whole.rfind(b"xref\n0")
    looped = whole.replace(b"trailer\n<</Size 5/Root 1 0 R>>", table)
    yield Sent("prev.pdf", looped, "a table that names itself", None)
    for root in (b"0", b"5", b"99", b"4"):
        yield Sent("r.pdf", whole.replace(b"/Root 1", b"/Root " + root), "another root", None)
    yield Sent("self.pdf", raw(b"1 0 R", PAGES), "an object that is itself", None)
    length = whole.replace(b"/Length 24", b"/Length 4 0 R")
    yield Sent("length.pdf", length, "a length that is itself", None)
    packed = stream(
        zlib.compress(b"1 0 " * 1_000_000), b"/Type/ObjStm/N 9999999/First 1/Filter/FlateDecode"
    )
    yield Sent("objects.pdf", raw(CATALOG, PAGES, PAGE % b"", packed), "object stream", None)
    extends = stream(b"1 0 x", b"/Type/ObjStm/N 1/First 4/Extends 4 0 R")
    yield Sent("extends.pdf", raw(CATALOG, PAGES, PAGE % b"", extends), "extends itself", None)
    chance = random.Random(2)
    for number in range(60):
        data = bytearray(pdf() if number % 2 else whole)
        for _change in range(1 + number):
            data[chance.randrange(9, len(data) - 40)] = chance.randrange(256)
        yield Sent("flipped.pdf", bytes(data), f"{number + 1} bytes changed", None)
