"""A letter as a picture becomes a PDF of one page, without what the camera wrote."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from apps.analysis.files import pdf
from apps.analysis.files.limits import Unfit
from apps.analysis.files.scans import pdf_of
from apps.submissions.errors import FileRefused
from apps.submissions.models import Attachment
from apps.submissions.services import FileInput, attach

DRAWN = b"\x12\x34\x56" * 8


def segment(marker, body):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def exif(turn):
    entry = struct.pack("<HHLHH", 0x0112, 3, 1, turn, 0)
    place = b"Made by Maria with a camera"
    return segment(0xE1, b"Exif\0\0II*\0" + struct.pack("<LH", 8, 1) + entry + place)


def jpeg(*, width=600, height=800, parts=3, depth=8, frame=0xC0, before=b""):
    size = struct.pack(">BHHB", depth, height, width, parts) + b"\1\x11\0" * parts
    body = before + segment(frame, size) + segment(0xDA, b"\0" * 10)
    return b"\xff\xd8" + body + DRAWN + b"\xff\xd9"


def chunk(name, data):
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))


def png(*, width=4, height=3, kind=2, depth=8, interlaced=0, lines=None, more=b""):
    parts = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    lines = b"\0" * ((1 + (width * parts * depth + 7) // 8) * height) if lines is None else lines
    header = struct.pack(">LLBBBBB", width, height, depth, kind, 0, 0, interlaced)
    packed = zlib.compress(lines)
    data = chunk(b"IDAT", packed[:5]) + chunk(b"IDAT", packed[5:])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more + data + chunk(b"IEND", b"")


def page_of(made):
    pdf.check(io.BytesIO(made))
    reader = PdfReader(io.BytesIO(made), strict=True)
    assert len(reader.pages) == 1
    page = reader.pages[0]
    return page, page["/Resources"]["/XObject"]["/Scan"]


def test_a_jpeg_goes_over_as_it_is_without_what_the_camera_wrote():
    made = pdf_of(jpeg(before=exif(6)))
    page, picture = page_of(made)
    assert (picture["/Width"], picture["/Height"], picture["/Filter"]) == (600, 800, "/DCTDecode")
    assert page["/Rotate"] == 90
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 793]
    assert DRAWN in made
    assert b"Maria" not in made
    assert made == pdf_of(jpeg(before=exif(6)))


@pytest.mark.parametrize(
    ("kind", "depth", "more", "colours"),
    [
        (0, 1, b"", "/DeviceGray"),
        (2, 8, b"", "/DeviceRGB"),
        (3, 8, chunk(b"PLTE", b"\0\0\0\xff\xff\xff"), "/Indexed"),
    ],
)
def test_a_png_goes_over_with_its_colours(kind, depth, more, colours):
    _page, picture = page_of(pdf_of(png(kind=kind, depth=depth, more=more)))
    space = picture["/ColorSpace"]
    assert (space if isinstance(space, str) else space[0]) == colours
    assert set(picture.get_data()) <= {0}


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (png(kind=6), "picture"),
        (png(interlaced=1), "picture"),
        (png(more=chunk(b"tRNS", b"\0" * 6)), "picture"),
        (jpeg(frame=0xC3), "picture"),
        (jpeg(depth=12), "picture"),
        (jpeg(width=65_000, height=65_000), "bomb"),
        (png(width=29_000, height=29_000, lines=b"\0"), "bomb"),
        (png(lines=b"\0" * 1_000_000), "bomb"),
        (png(lines=b"\0"), "damaged"),
        (png(kind=3), "damaged"),
        (png()[:-20], "damaged"),
        (jpeg()[:60], "damaged"),
        (b"\xff\xd8", "damaged"),
        (jpeg(width=0), "damaged"),
        (b"GIF89a", "other_kind"),
    ],
)
def test_what_cannot_be_taken_over_says_why(picture, code):
    with pytest.raises(Unfit) as refused:
        pdf_of(picture)
    assert refused.value.code == code


@pytest.mark.django_db
def test_staff_enters_a_letter_with_its_picture(
    open_consultation, owner, client, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "media"
    client.force_login(owner)
    page = reverse("submissions:paper", args=[open_consultation.slug])
    assert ".jpg" in client.get(page).text
    sent = SimpleUploadedFile("Letter 1.JPG", jpeg(), content_type="image/jpeg")
    client.post(page, {"files": sent, "act": "point"})
    held = Attachment.objects.get()
    assert (held.name, held.kind) == ("Letter 1.pdf", "PDF")


@pytest.mark.django_db
def test_other_pictures_are_refused_with_what_to_do(owner):
    with pytest.raises(FileRefused) as refused:
        attach(None, FileInput("letter.tiff", io.BytesIO(b"II*\0")), by=owner)
    assert "Save it as PDF, as JPEG" in str(refused.value.message)
    assert not Attachment.objects.exists()
