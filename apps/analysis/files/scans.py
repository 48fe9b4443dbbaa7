"""Puts the picture of a letter, as a scanner or a camera makes it, on the page of a PDF.

The points of the picture go over as they are: PDF holds the data of JPEG, and of PNG without
see-through parts, undecoded. What a camera wrote about itself is left out.

source  ISO 32000-2, 7.4.4 (PNG predictors) and 7.4.8 (DCTDecode); ITU-T T.81, B; W3C PNG, 11;
        CIPA DC-008 (Exif), 4.6.4 (orientation)
"""

import struct
import zlib
from dataclasses import dataclass

from apps.analysis.files.limits import Unfit
from apps.analysis.files.pictures import JPEG, PNG, SCAN, without_details

PICTURES = frozenset({"jpg", "jpeg", "png"})
OTHER_PICTURES = frozenset({"tif", "tiff", "heic", "heif", "bmp", "gif", "webp"})
MOST_PIXELS = 120_000_000  # A3 at 600 dots per inch has 70 million
LONGEST_SIDE = 30_000
SHORT_SIDE, LONG_SIDE = 595, 842  # A4 in points
CHUNK = 1 << 16
FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what readers of PDF know
OTHER_FRAMES = frozenset({0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})
EXIF, ORIENTATION = b"Exif\0\0", 0x0112
TURNS = {3: 180, 6: 90, 8: 270}  # clockwise, to see it upright
COLOURS = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
GREY, RGB, PALETTE = 0, 2, 3


@dataclass(frozen=True)
class _Picture:
    width: int
    height: int
    facts: str  # of the image dictionary, besides its size
    data: bytes
    turn: int = 0


def pdf_of(picture: bytes) -> bytes:
    """Return a PDF of one page that shows a picture and nothing else; the same bytes each time.

    raises  Unfit: picture (a kind that cannot be taken over), bomb, damaged, other_kind
    """
    if picture.startswith(JPEG):
        found = _jpeg(picture)
    elif picture.startswith(PNG):
        found = _png(picture)
    else:
        raise Unfit("other_kind")
    return _document(found)


def _measured(width: int, height: int) -> tuple[int, int]:
    if not width or not height:
        raise Unfit("damaged")
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Unfit("bomb")
    return width, height


def _jpeg(picture: bytes) -> _Picture:
    frame, turn = _frame_of(picture)
    if len(frame) < 6 or b"\xff\xd9" not in picture[-CHUNK:]:
        raise Unfit("damaged")
    depth, height, width, parts = struct.unpack(">BHHB", frame[:6])
    if depth != 8 or parts not in COLOURS:
        raise Unfit("picture")
    width, height = _measured(width, height)
    facts = f"/ColorSpace {COLOURS[parts]} /BitsPerComponent 8 /Filter /DCTDecode"
    if parts == 4:  # programs write these colours the other way round
        facts += " /Decode [1 0 1 0 1 0 1 0]"
    end = picture.rfind(b"\xff\xd9") + 2
    return _Picture(width, height, facts, without_details(picture[:end]), turn)


def _frame_of(picture: bytes) -> tuple[bytes, int]:
    """Return the header that says how large the picture is, and by how much it is to be turned."""
    place, turn = 2, 0
    while place + 10 <= len(picture) and picture[place] == 0xFF:
        marker, (length,) = picture[place + 1], struct.unpack_from(">H", picture, place + 2)
        body = picture[place + 4 : place + 2 + length]
        if marker in OTHER_FRAMES:
            raise Unfit("picture")
        if marker in FRAMES:
            return body, turn
        if marker == SCAN:
            break
        if marker == 0xE1 and body.startswith(EXIF):
            turn = TURNS.get(_orientation(body[len(EXIF) :]), 0)
        place += 2 + length
    raise Unfit("damaged")


def _orientation(exif: bytes) -> int:
    """Return how the camera was held, 1 where it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 8:
        return 1
    (start,) = struct.unpack_from(f"{order}L", exif, 4)
    if start + 2 > len(exif):
        return 1
    (count,) = struct.unpack_from(f"{order}H", exif, start)
    for number in range(min(count, 100)):
        place = start + 2 + 12 * number
        if place + 12 > len(exif):
            break
        tag, _kind, _n, value = struct.unpack_from(f"{order}HHLH", exif, place)
        if tag == ORIENTATION:
            return int(value)
    return 1


def _png(picture: bytes) -> _Picture:
    chunks = _chunks(picture)
    header = chunks.get(b"IHDR", b"")
    if len(header) != 13 or not chunks.get(b"IDAT"):
        raise Unfit("damaged")
    width, height, depth, kind, _packing, _filters, interlaced = struct.unpack(">LLBBBBB", header)
    width, height = _measured(width, height)
    if kind not in (GREY, RGB, PALETTE) or interlaced or b"tRNS" in chunks:
        raise Unfit("picture")
    if depth not in (1, 2, 4, 8, 16):
        raise Unfit("damaged")
    parts = 3 if kind == RGB else 1
    line = 1 + (width * parts * depth + 7) // 8
    _require_inflated(chunks[b"IDAT"], line * height)
    colours = COLOURS[parts]
    if kind == PALETTE:
        palette = chunks.get(b"PLTE", b"")
        if not palette or len(palette) % 3 or len(palette) > 768:
            raise Unfit("damaged")
        colours = f"[/Indexed /DeviceRGB {len(palette) // 3 - 1} <{palette.hex()}>]"
    facts = (
        f"/ColorSpace {colours} /BitsPerComponent {depth} /Filter /FlateDecode /DecodeParms "
        f"<</Predictor 15 /Colors {parts} /BitsPerComponent {depth} /Columns {width}>>"
    )
    return _Picture(width, height, facts, chunks[b"IDAT"])


def _chunks(picture: bytes) -> dict[bytes, bytes]:
    """Return the parts of a PNG by name; those of the same name, as data may be, together."""
    found: dict[bytes, list[bytes]] = {}
    place = len(PNG)
    while place + 12 <= len(picture):
        (length,) = struct.unpack_from(">L", picture, place)
        name = picture[place + 4 : place + 8]
        if place + 12 + length > len(picture):
            break
        if name == b"IEND":
            return {one: b"".join(parts) for one, parts in found.items()}
        found.setdefault(name, []).append(picture[place + 8 : place + 8 + length])
        place += 12 + length
    raise Unfit("damaged")


def _require_inflated(data: bytes, size: int) -> None:
    """Raise Unfit unless data unpacks to this size; never more than a little is held of it."""
    unpacking, left, waiting = zlib.decompressobj(), size, data
    try:
        while left >= 0 and not unpacking.eof:
            piece = unpacking.decompress(waiting, CHUNK)
            waiting = unpacking.unconsumed_tail
            left -= len(piece)
            if not piece and not waiting:
                break
    except zlib.error as error:
        raise Unfit("damaged") from error
    if left < 0:
        raise Unfit("bomb")
    if left or not unpacking.eof:
        raise Unfit("damaged")


def _document(picture: _Picture) -> bytes:
    is_wide = picture.width > picture.height
    most = (LONG_SIDE, SHORT_SIDE) if is_wide else (SHORT_SIDE, LONG_SIDE)
    scale = min(most[0] / picture.width, most[1] / picture.height)
    wide, high = max(picture.width * scale, 1), max(picture.height * scale, 1)
    drawn = f"q {wide:.2f} 0 0 {high:.2f} 0 0 cm /Scan Do Q".encode()
    size = f"/Width {picture.width} /Height {picture.height}"
    return _joined(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 {wide:.2f} {high:.2f}] /Rotate "
            f"{picture.turn} /Contents 4 0 R /Resources <</XObject <</Scan 5 0 R>>>>>>".encode(),
            _stream("", drawn),
            _stream(f"/Type /XObject /Subtype /Image {size} {picture.facts}", picture.data),
        ]
    )


def _stream(facts: str, data: bytes) -> bytes:
    head = f"<<{facts} /Length {len(data)}>>\nstream\n".encode()
    return head + data + b"\nendstream"


def _joined(objects: list[bytes]) -> bytes:
    made, places = [b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"], []
    at = len(made[0])
    for number, one in enumerate(objects, 1):
        places.append(at)
        made.append(f"{number} 0 obj\n".encode() + one + b"\nendobj\n")
        at += len(made[-1])
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    made.append(
        f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<</Size {count} /Root 1 0 R>>\n"
        f"startxref\n{at}\n%%EOF\n".encode()
    )
    return b"".join(made)
