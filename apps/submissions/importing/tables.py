"""Uploaded tables, CSV or XLSX: what they are, their columns, their rows one after the other."""

import codecs
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from apps.analysis.files.limits import LARGEST_FILE, MOST_COLUMNS, Unfit
from apps.analysis.files.recognising import MACRO_EXTENSIONS, extension_of
from apps.core.display import on_one_line
from apps.submissions.importing import readers
from apps.submissions.importing.readers import Row, UnreadableFile, too_wide
from apps.submissions.models import ImportUpload

KINDS = {"csv": "csv", "tsv": "csv", "txt": "csv", "xlsx": "xlsx"}
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
PACKAGE = b"PK\x03\x04"
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
CONTROLS = re.compile("[\x01-\x08\x0e-\x1f]")
BEGINNING = 64 * 1024
LOOKED_AT = 20  # rows, to tell what separates their cells
DELIMITERS = ",;\t"
LONGEST_COLUMN = 200
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
UNDECODED = re.compile("[\udc80-\udcff]")
BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")


class Shape(NamedTuple):
    """How a text file is read."""

    encoding: str
    delimiter: str


@dataclass(frozen=True)
class Table:
    """An opened table; the columns have names of their own, no two the same."""

    columns: Sequence[str]
    rows: Iterator[Row]


def recognise(name: str, stream: BinaryIO) -> str:
    """Return csv or xlsx; extension and bytes must say the same.

    raises  Unfit: extension, macros, empty, too_large, other_kind, encrypted
    """
    extension = extension_of(name)
    if extension in MACRO_EXTENSIONS:
        raise Unfit("macros")
    if extension not in KINDS:
        raise Unfit("extension")
    size = stream.seek(0, io.SEEK_END)
    if not size or size > LARGEST_FILE:
        raise Unfit("too_large" if size else "empty")
    stream.seek(0)
    beginning = stream.read(BEGINNING)
    stream.seek(0)
    kind = KINDS[extension]
    if beginning.startswith(OLD_OFFICE):
        raise Unfit("encrypted" if kind == "xlsx" else "other_kind")
    if beginning.startswith(PACKAGE) is not (kind == "xlsx"):
        raise Unfit("other_kind")
    if kind == "csv" and _is_no_text(beginning):
        raise Unfit("other_kind")
    return kind


def shape_of(data: bytes) -> Shape:
    """Return the encoding of a text file and what separates its cells."""
    encoding = _encoding(data)
    is_wide = encoding.startswith("utf-16")
    text = data.decode(encoding, "replace" if is_wide else "surrogateescape")
    return Shape(encoding, _delimiter(text))


@contextmanager
def open_table(upload: ImportUpload, path: Path) -> Iterator[Table]:
    """Open the rows of an upload that lie at a path; raise UnreadableFile."""
    if upload.kind == ImportUpload.Kind.XLSX:
        with path.open(encoding="utf-8") as lines:
            yield _sheet(lines, upload.name)
        return
    with readers.open_source(path, encoding=upload.encoding, called=upload.name) as file:
        columns, rows = readers.read_csv(file, delimiter=upload.delimiter, name=distinct)
        yield Table(_checked(columns, upload.name), rows)


def distinct(header: Sequence[str]) -> list[str]:
    """Return names of columns that can be shown and told apart: "Note", "Note (2)", "Column 3"."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for number, cell in enumerate(header, 1):
        bare = on_one_line(cell)[:LONGEST_COLUMN] or _("Column %(number)s") % {"number": number}
        name = bare
        while seen[name]:
            seen[bare] += 1
            name = f"{bare} ({seen[bare]})"
        seen[name] += 1
        names.append(name)
    return names


def count_values(rows: Iterator[Row], column: str) -> Counter[str]:
    """Return how often each value of a column occurs, "" for rows where it is empty.

    What no database can hold is left out: such rows are rejected.
    """
    found = Counter(str(row.cells.get(column, "")).strip() for row in rows if row.problem is None)
    return Counter({value: n for value, n in found.items() if not UNSTORABLE.search(value)})


def _is_no_text(beginning: bytes) -> bool:
    if beginning.startswith((b"%PDF", readers.GZIP_MAGIC)):
        return True
    first = beginning[:4_096]
    encoding = _encoding(first)
    # Of letters of two bytes, one may look like a control: they are put together first.
    if encoding.startswith("utf-16"):
        text = first.decode(encoding, "replace")
        return "\0" in text or bool(CONTROLS.search(text))
    return b"\0\0" in first or bool(CONTROLS.search(first.decode("latin-1")))


def _encoding(data: bytes) -> str:
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return encoding
    beginning = data[:BEGINNING]
    if beginning.count(b"\0") > len(beginning) // 4:  # letters of two bytes, without a mark
        return "utf-16-le" if beginning[1:2] == b"\0" else "utf-16-be"
    text = data.decode("utf-8", "surrogateescape")
    # One damaged row must not turn every accent of the others into something else.
    bad, good = len(UNDECODED.findall(text)), len(BEYOND_ASCII.findall(text))
    return "cp1252" if bad > good else "utf-8-sig"


def _delimiter(text: str) -> str:
    """Return the one by which most of the first rows are as wide as the first of them."""
    lines = text[:BEGINNING].lstrip("\ufeff\r\n").splitlines(keepends=True)
    if len(text) > BEGINNING and len(lines) > 1:
        lines.pop()  # cut in the middle

    def score(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(lines, delimiter=delimiter)
        try:
            widths = [len(row) for row in islice(reader, LOOKED_AT) if row]
        except csv.Error:
            return 0, 0
        width = widths[0] if widths else 0
        return (widths.count(width), width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=score)


def _sheet(lines: Iterator[str], name: str) -> Table:
    rows = (found for line in lines if (found := json.loads(line)))
    first = next(rows, None)
    if first is None:
        raise UnreadableFile(
            _("%(file)s is empty: its first line must name the columns.") % {"file": name}
        )
    columns = _checked(distinct(first[1]), name)
    return Table(columns, (_row(number, cells, columns) for number, cells in rows))


def _row(number: int, cells: list[str], columns: Sequence[str]) -> Row:
    width = len(columns)
    if len(cells) > width:
        return Row(number, {}, too_wide(len(cells), width), " | ".join(cells)[:200])
    cells += [""] * (width - len(cells))
    return Row(number, dict(zip(columns, cells, strict=True)))


def _checked(columns: list[str], name: str) -> list[str]:
    if len(columns) > MOST_COLUMNS:
        raise UnreadableFile(
            _("%(file)s has %(found)s columns; %(most)s are read at most. Leave some out.")
            % {"file": name, "found": len(columns), "most": MOST_COLUMNS}
        )
    return columns
