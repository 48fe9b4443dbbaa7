"""Tells what a file is by its name and its bytes together, without opening it."""

import io
import re
import unicodedata
from typing import BinaryIO

from apps.analysis.files import opendocument, pdf, plain, word
from apps.analysis.files.limits import LARGEST_FILE, Unfit

KINDS = {"pdf": "PDF", "docx": "DOCX", "odt": "ODT", "txt": "TXT"}
MACRO_EXTENSIONS = frozenset({"docm", "dotm", "xlsm", "pptm"})
LONGEST_NAME = 120
# What Word makes of a document with a password, and what it wrote before DOCX.
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOLDERS = re.compile(r"[/\\]")
FORBIDDEN = re.compile(r'[<>:"|?*]')


def recognise(name: str, stream: BinaryIO) -> str:
    """Return PDF, DOCX, ODT or TXT; extension and bytes must say the same.

    name    as cleaned by `clean_name`
    raises  Unfit: extension, macros, empty, too_large, other_kind, two_kinds, encrypted, bomb,
            encoding, damaged
    """
    extension = extension_of(name)
    if extension in MACRO_EXTENSIONS:
        raise Unfit("macros")
    if extension not in KINDS:
        raise Unfit("extension")
    size = stream.seek(0, io.SEEK_END)
    if not size:
        raise Unfit("empty")
    if size > LARGEST_FILE:
        raise Unfit("too_large")
    stream.seek(0)
    if extension in ("docx", "odt") and stream.read(len(OLD_WORD)) == OLD_WORD:
        raise Unfit("encrypted")
    stream.seek(0)
    {"pdf": pdf, "docx": word, "odt": opendocument, "txt": plain}[extension].check(stream)
    stream.seek(0)
    return KINDS[extension]


def extension_of(name: str) -> str:
    """Return what follows the last dot, in lower case."""
    return name.rpartition(".")[2].casefold() if "." in name else ""


def clean_name(name: str) -> str:
    """Return a file name that is safe to show and to save: no folder, no invisible character.

    A name of nothing else becomes "file", with its extension where it has one.
    """
    last = FOLDERS.split(name)[-1]
    shown = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFKC", last)
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    shown = " ".join(FORBIDDEN.sub(" ", FOLDERS.sub(" ", shown)).split()).lstrip(". ").rstrip(". ")
    stem, dot, extension = shown.rpartition(".")
    if not dot:
        stem, extension = shown, ""
    if last.lstrip().startswith(".") and not dot:
        stem, dot, extension = "", ".", shown
    if not dot:
        return stem[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(extension) - 1].strip() or 'file'}.{extension[:12]}"
