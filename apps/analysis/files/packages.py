"""Opens zip packages without trusting what they say of themselves."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from apps.analysis.files.limits import (
    FREELY_INFLATED,
    LARGEST_DIRECTORY,
    LARGEST_MEMBER,
    LARGEST_WHOLE,
    MEGA,
    MOST_INFLATED,
    MOST_MEMBERS,
    Unfit,
)

LOCAL_HEADER = b"PK\x03\x04"
END = struct.Struct("<4s4H2LH")  # PKWARE APPNOTE 6.3.10, section 4.3.16
END_SIGNATURE = b"PK\x05\x06"
LONGEST_COMMENT = 65_535
SMALLEST_LOCAL_HEADER = 30
IS_ENCRYPTED = 0x1
CHUNK = 256 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)
MACROS = ("vbaproject.bin", "vbadata.xml")
MACRO_FOLDERS = ("basic/", "scripts/", "word/activex/")

Change = Callable[[str, bytes], bytes | None]


def open_package(stream: BinaryIO) -> zipfile.ZipFile:
    """Return an opened package whose directory was checked; nothing is inflated yet.

    The directory must end the file and the first member must begin it: bytes before, behind or
    between would be another file that only other programs see.

    raises  Unfit: damaged, two_kinds, encrypted, macros, bomb
    """
    _check_end(stream)
    stream.seek(0)
    try:
        package = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise Unfit("damaged") from error
    members = package.infolist()
    for member in members:
        _check_member(member)
    names = [member.filename.casefold() for member in members]
    if len(set(names)) < len(names):
        raise Unfit("damaged")
    if any(name.endswith(MACROS) or name.startswith(MACRO_FOLDERS) for name in names):
        raise Unfit("macros")
    if sum(member.file_size for member in members) > LARGEST_WHOLE:
        raise Unfit("bomb")
    _check_places(members, package.start_dir)
    return package


def read_member(package: zipfile.ZipFile, name: str, *, most: int = LARGEST_MEMBER) -> bytes:
    """Return what a member holds, counted while it is inflated.

    raises  Unfit: damaged, also where there is no such member; bomb
    """
    held = io.BytesIO()
    try:
        with package.open(name) as stream:
            while chunk := stream.read(CHUNK):
                if held.tell() + len(chunk) > most:
                    raise Unfit("bomb")
                held.write(chunk)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Unfit("damaged") from error
    return held.getvalue()


def members_of(package: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    """Yield every member with what it holds, in order; raise Unfit once the whole is too large."""
    total = 0
    for member in package.infolist():
        held = read_member(package, member.filename)
        total += len(held)
        if total > LARGEST_WHOLE:
            raise Unfit("bomb")
        yield member, held


def write_changed(package: zipfile.ZipFile, out: BinaryIO, change: Change) -> None:
    """Write a package again, every member as `change` returns it, None leaving it out.

    No member keeps its date or the system it was written on.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as cleaned:
        for member, held in members_of(package):
            changed = held if member.is_dir() else change(member.filename, held)
            if changed is None:
                continue
            kept = zipfile.ZipInfo(member.filename, EPOCH)
            kept.compress_type = member.compress_type
            kept.create_system = 0
            cleaned.writestr(kept, changed)


def _check_end(stream: BinaryIO) -> None:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if stream.read(len(LOCAL_HEADER)) != LOCAL_HEADER:
        raise Unfit("other_kind")
    stream.seek(max(size - END.size - LONGEST_COMMENT, 0))
    tail = stream.read()
    place = tail.rfind(END_SIGNATURE)
    if place < 0 or place + END.size > len(tail):
        raise Unfit("damaged")
    found = END.unpack_from(tail, place)
    _sign, disk, directory_disk, here, entries, length, offset, comment = found
    if comment or place + END.size != len(tail):
        raise Unfit("two_kinds")
    if entries > MOST_MEMBERS or length > LARGEST_DIRECTORY:
        raise Unfit("bomb")
    if disk or directory_disk or here != entries or not entries:
        raise Unfit("damaged")
    if offset + length != size - END.size:
        raise Unfit("two_kinds")


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    if member.flag_bits & IS_ENCRYPTED:
        raise Unfit("encrypted")
    if "\\" in name or name.startswith("/") or ".." in name.split("/") or not name.isprintable():
        raise Unfit("damaged")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unfit("damaged")
    ratio = member.file_size / max(member.compress_size, 1)
    if member.file_size > LARGEST_MEMBER or (
        member.file_size > FREELY_INFLATED and ratio > MOST_INFLATED
    ):
        raise Unfit("bomb")


def _check_places(members: list[zipfile.ZipInfo], end: int) -> None:
    """Refuse members that lie over each other, and a package that begins with something else."""
    ordered = sorted(members, key=lambda member: member.header_offset)
    if ordered[0].header_offset:
        raise Unfit("two_kinds")
    free = 0
    for member in ordered:
        if member.header_offset < free:
            raise Unfit("bomb")
        free = member.header_offset + SMALLEST_LOCAL_HEADER + member.compress_size
    if free > end:
        raise Unfit("damaged")


SMALL = MEGA  # of lists inside a package: content types, manifest, relations
