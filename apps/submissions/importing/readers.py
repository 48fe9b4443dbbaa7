"""Reads rows from files as (line, cells or reason): CSV and JSON Lines, plain or gzip."""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from apps.submissions.importing.records import Rejected

GZIP_MAGIC = b"\x1f\x8b"
LONGEST_CELL = 16 * 1024 * 1024
LONGEST_LINE = 2 * LONGEST_CELL
Cells = dict[str, str]
Row = tuple[int, Cells | Rejected]


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; nothing was taken in."""


@contextmanager
def open_text(path: Path) -> Iterator[IO[str]]:
    """Open a file as text, unpacking gzip; bytes that are not UTF-8 stay visible as surrogates.

    raises  UnreadableFile
    """
    try:
        with path.open("rb") as raw:
            is_packed = raw.read(2) == GZIP_MAGIC
            raw.seek(0)
            binary: Any = gzip.GzipFile(fileobj=raw) if is_packed else raw
            yield io.TextIOWrapper(
                binary, encoding="utf-8-sig", errors="surrogateescape", newline=""
            )
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFile(_("%(file)s is cut off or no gzip file.") % {"file": path}) from error
    except OSError as error:
        raise UnreadableFile(
            _("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror or error}
        ) from error


def read_csv(file: IO[str]) -> tuple[list[str], Iterator[Row]]:
    """Return the columns of a CSV file and its rows; raise UnreadableFile without a header."""
    csv.field_size_limit(LONGEST_CELL)
    lines = csv.reader(_bounded(file))
    try:
        columns = next(lines, [])
    except csv.Error as error:
        raise UnreadableFile(_("The first line is no header: %(why)s.") % {"why": error}) from error
    if not any(column.strip() for column in columns):
        raise UnreadableFile(_("The file is empty: its first line must name the columns."))
    return columns, _csv_rows(lines, columns)


def read_jsonl(file: IO[str]) -> tuple[list[str], Iterator[Row]]:
    """Return the keys of the first object and all rows; raise UnreadableFile for an empty file."""
    lines = iter(enumerate(_bounded(file), 1))
    number, line = next(((n, line) for n, line in lines if line.strip()), (0, ""))
    if not number:
        raise UnreadableFile(_("The file is empty."))
    try:
        first = _object(line)
    except Rejected as error:
        raise UnreadableFile(_("Line 1 is no JSON object: %(why)s.") % {"why": error}) from error
    return list(first), _jsonl_rows(number, line, lines, set(first))


def _csv_rows(lines: Any, columns: list[str]) -> Iterator[Row]:
    while True:
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            yield lines.line_num, Rejected(_("the row cannot be read: %(why)s") % {"why": error})
            continue
        if not cells:
            continue
        if len(cells) > len(columns):
            extra = len(cells) - len(columns)
            yield (
                lines.line_num,
                Rejected(_("%(extra)s cells more than the header has columns") % {"extra": extra}),
            )
            continue
        cells += [""] * (len(columns) - len(cells))
        yield lines.line_num, dict(zip(columns, cells, strict=True))


def _jsonl_rows(
    number: int, line: str, lines: Iterator[tuple[int, str]], known: set[str]
) -> Iterator[Row]:
    while True:
        if line.strip():
            try:
                yield number, _known_object(line, known)
            except Rejected as error:
                yield number, error
        following = next(lines, None)
        if following is None:
            return
        number, line = following


def _known_object(line: str, known: set[str]) -> Cells:
    found = _object(line)
    if strangers := sorted(set(found) - known):
        raise Rejected(_("unknown field “%(field)s”") % {"field": strangers[0][:80]})
    return found


def _object(line: str) -> Cells:
    try:
        found = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Rejected(_("the line is no JSON")) from error
    if not isinstance(found, dict):
        raise Rejected(_("the line is no JSON object"))
    return {key: _as_text(key, value) for key, value in found.items()}


def _as_text(key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | dict | list):
        raise Rejected(_("“%(field)s” is no text") % {"field": key[:80]})
    return value if isinstance(value, str) else json.dumps(value)


def _bounded(file: IO[str]) -> Iterator[str]:
    """Yield lines; of one that is longer than any row can be only the beginning is kept."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                pass
            line += "\n"
        yield line


def cells_of(row: Mapping[str, str], fields: Mapping[str, str]) -> Cells:
    """Return the cells of a row by field; `fields` maps each field to its column."""
    return {field: row.get(column, "") for field, column in fields.items()}
