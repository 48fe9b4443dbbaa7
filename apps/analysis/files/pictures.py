"""Takes what a camera or a program wrote about itself out of JPEG and PNG pictures."""

import struct

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
# Of JPEG: Exif and XMP (APP1), Photoshop and IPTC (APP13), comments.
ABOUT_IN_JPEG = frozenset({0xE1, 0xED, 0xFE})
ABOUT_IN_PNG = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
SCAN = 0xDA
LONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length


def without_details(picture: bytes) -> bytes:
    """Return a picture without text about its maker; other data comes back as it is."""
    if picture.startswith(JPEG):
        return _jpeg(picture)
    return _png(picture) if picture.startswith(PNG) else picture


def _jpeg(picture: bytes) -> bytes:
    kept, place = [picture[:2]], 2
    while place + 4 <= len(picture) and picture[place] == 0xFF:
        marker = picture[place + 1]
        if marker == SCAN:
            break
        if marker in LONE or marker == 0xFF:
            end = place + (1 if marker == 0xFF else 2)
        else:
            end = place + 2 + struct.unpack_from(">H", picture, place + 2)[0]
        if marker not in ABOUT_IN_JPEG:
            kept.append(picture[place:end])
        place = end
    kept.append(picture[place:])
    return b"".join(kept)


def _png(picture: bytes) -> bytes:
    kept, place = [picture[: len(PNG)]], len(PNG)
    while place + 12 <= len(picture):
        (length,) = struct.unpack_from(">L", picture, place)
        end = place + 12 + length
        if picture[place + 4 : place + 8] not in ABOUT_IN_PNG:
            kept.append(picture[place:end])
        place = end
    kept.append(picture[place:])
    return b"".join(kept)
