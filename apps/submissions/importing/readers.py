"""Reads rows from files, CSV and JSON Lines, plain or gzip; one broken row costs no other."""

import csv
import gzip
import io
import json
import zlib
from collections import Counter, deque
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from apps.core.display import on_one_line
from apps.submissions.importing.records import Rejected

GZIP_MAGIC = b"\x1f\x8b"
NO_TEXT_FILES = {
    b"PK\x03\x04": _("%(file)s is a zip or spreadsheet file; save it as CSV in UTF-8 first."),
    b"\xd0\xcf\x11\xe0": _("%(file)s is an old Office file; save it as CSV in UTF-8 first."),
    b"%PDF": _("%(file)s is a PDF file; submissions must be rows of a CSV or JSON Lines file."),
    b"\xff\xfe": _("%(file)s is written in UTF-16; save it as UTF-8 first."),
    b"\xfe\xff": _("%(file)s is written in UTF-16; save it as UTF-8 first."),
}
LONGEST_MAGIC = 4
LONGEST_CELL = 16 * 1024 * 1024
LONGEST_LINE = 2 * LONGEST_CELL
# Lines of broken rows are read again as rows of their own, but not over and over.
MOST_READ_AGAIN = 8 * LONGEST_CELL
MOST_BROKEN_AT_FIRST = 100
LONGEST_BEGINNING = 200


class UnreadableFile(ValueError):
    """The file as a whole cannot be read, from its beginning or from some place on."""


class Row(NamedTuple):
    """One row where it begins; `problem` says why it has no cells."""

    line: int
    cells: Mapping[str, Any]
    problem: Rejected | None = None
    beginning: str = ""


class SourceFile:
    """An opened file as text; bytes that are not in its encoding stay visible as lone surrogates.

    called  what people know the file as, where that is not its path
    """

    def __init__(
        self, path: Path, raw: BufferedReader, *, encoding: str = "utf-8-sig", called: str = ""
    ) -> None:
        self.path: Path | str = called or path
        self._raw = raw
        self._size = max(path.stat().st_size, 1)
        binary: Any = gzip.GzipFile(fileobj=raw) if raw.peek().startswith(GZIP_MAGIC) else raw
        start = self._reading(binary.peek, LONGEST_MAGIC)
        for magic, sentence in NO_TEXT_FILES.items():
            if start.startswith(magic) and not encoding.startswith("utf-16"):
                raise UnreadableFile(sentence % {"file": self.path})
        self._text = io.TextIOWrapper(
            binary,
            encoding=encoding,
            errors="replace" if encoding.startswith("utf-16") else "surrogateescape",
            newline="",
        )

    @property
    def share_read(self) -> float:
        """Return how much of the file was read, from 0 to 1."""
        return min(self._raw.tell() / self._size, 1.0)

    def lines(self) -> Iterator[str]:
        """Yield lines; of one that is longer than any row can be only the beginning is kept."""
        while line := self._read():
            if len(line) == LONGEST_LINE and not line.endswith("\n"):
                while (rest := self._read()) and not rest.endswith("\n"):
                    pass
                line += "\n"
            yield line

    def _read(self) -> str:
        return self._reading(self._text.readline, LONGEST_LINE)

    def _reading(self, read: Callable[..., Any], *arguments: int) -> Any:
        try:
            return read(*arguments)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise UnreadableFile(
                _("%(file)s is cut off, damaged or no gzip file.") % {"file": self.path}
            ) from error
        except OSError as error:
            raise _unreadable(self.path, error) from error


@contextmanager
def open_source(
    path: Path, *, encoding: str = "utf-8-sig", called: str = ""
) -> Iterator[SourceFile]:
    """Open a file, unpacking gzip; raise UnreadableFile."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise _unreadable(called or path, error) from error
    with raw:
        if not raw.seekable():  # it is read twice: for its digest too
            raise UnreadableFile(
                _("%(file)s is a pipe; write what comes from it to a file first.") % {"file": path}
            )
        yield SourceFile(path, raw, encoding=encoding, called=called)


def read_csv(
    file: SourceFile, *, delimiter: str = ",", name: Callable[[list[str]], list[str]] | None = None
) -> tuple[list[str], Iterator[Row]]:
    """Return the columns of a CSV file and its rows; raise UnreadableFile without a header.

    name  makes names of columns from the cells of the header
    """
    csv.field_size_limit(LONGEST_CELL)
    lines = _Lines(file)
    # Strict: what is wrongly quoted is rejected, not read as something its author did not write.
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    try:
        header = next((cells for cells in reader if any(map(str.strip, cells))), [])
    except csv.Error as error:
        raise UnreadableFile(
            _("The first line of %(file)s is no header: %(why)s.")
            % {"file": file.path, "why": error}
        ) from error
    if not header:
        raise UnreadableFile(
            _("%(file)s is empty: its first line must name the columns.") % {"file": file.path}
        )
    columns = name(header) if name else [column.strip() for column in header]
    return columns, _csv_rows(lines, reader, columns)


def read_jsonl(file: SourceFile, *, also: Container[str]) -> tuple[list[str], Iterator[Row]]:
    """Return the keys of the first object and all rows.

    also    keys that later objects may have though the first has not
    raises  UnreadableFile for an empty file and for one that holds no objects
    """
    numbered = ((n, line) for n, line in enumerate(file.lines(), 1) if line.strip())
    early: list[Row] = []
    for number, line in numbered:
        row = _json_row(number, line)
        early.append(row)
        if row.problem is None:
            return list(row.cells), _jsonl_rows(early, numbered, {*row.cells}, also)
        if len(early) == MOST_BROKEN_AT_FIRST:
            break
    if not early:
        raise UnreadableFile(_("%(file)s is empty.") % {"file": file.path})
    raise UnreadableFile(
        _("The first lines of %(file)s hold no JSON object; each line must be one.")
        % {"file": file.path}
    )


def cells_of(row: Row, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the cells of a row by field; `fields` maps each field to its column.

    raises  Rejected where a value is neither text nor number
    """
    return {field: _as_text(column, row.cells.get(column)) for field, column in fields.items()}


def printable(words: str) -> str:
    """Return words from a file on one line as a terminal can show them; none can steer it."""
    return on_one_line(words)


class _Lines:
    """The lines of a file with their number; those of a broken row can be read again."""

    def __init__(self, file: SourceFile) -> None:
        self.number = 0
        self._lines = file.lines()
        self._row: list[str] = []
        self._again: deque[str] = deque()
        self._most_again = MOST_READ_AGAIN

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._row.append(line)
        self.number += 1
        return line

    def begin_row(self) -> int:
        """Forget the row before; return the number of the line the next one begins with."""
        self._row.clear()
        return self.number + 1

    def has_bare_quote(self, cells: list[str]) -> bool:
        """Return whether a quote stands in a cell of the row just read that is not quoted."""
        inside = [cell.count('"') for cell in cells]
        wanted = sum(2 * n + 2 for n in inside if n)
        return sum(line.count('"') for line in self._row) < wanted

    def give_up_row(self) -> str:
        """Return the first line of the row being read; the lines after it will be read again."""
        first, *others = self._row
        self._most_again -= sum(map(len, others))
        if self._most_again > 0:
            self._again.extendleft(reversed(others))
            self.number -= len(others)
        return first


def _csv_rows(lines: _Lines, reader: Any, columns: list[str]) -> Iterator[Row]:
    width = len(columns)
    is_after_broken = False
    while True:
        line = lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = Rejected(_("the row cannot be read: %(why)s") % {"why": error})
            yield Row(line, {}, problem, lines.give_up_row()[:LONGEST_BEGINNING].strip())
            is_after_broken = True
            continue
        if not cells:
            continue
        if is_after_broken and (len(cells) < width or lines.has_bare_quote(cells)):
            wrong = Rejected(_("likely to be a piece of the broken row before it"))
        elif len(cells) > width:
            wrong = too_wide(len(cells), width)
        else:
            is_after_broken = False
            cells += [""] * (width - len(cells))
            yield Row(line, dict(zip(columns, cells, strict=True)))
            continue
        yield Row(line, {}, wrong, " | ".join(cells)[:LONGEST_BEGINNING])


def too_wide(found: int, wanted: int) -> Rejected:
    """Say that a row has more cells than there are columns."""
    return Rejected(
        _("unknown field: the row has %(found)s cells, the header %(wanted)s columns")
        % {"found": found, "wanted": wanted}
    )


def _jsonl_rows(
    early: list[Row], numbered: Iterator[tuple[int, str]], known: set[str], also: Container[str]
) -> Iterator[Row]:
    yield from early
    for number, line in numbered:
        row = _json_row(number, line)
        stranger = next((key for key in row.cells if key not in known and key not in also), None)
        if stranger is not None:
            problem = Rejected(_("unknown field “%(field)s”") % {"field": stranger[:80]})
            row = Row(number, {}, problem, row.beginning)
        yield row


def _json_row(number: int, line: str) -> Row:
    beginning = line[:LONGEST_BEGINNING].strip()
    try:
        found = STRICT_JSON.decode(line)
    except Rejected as problem:
        return Row(number, {}, problem, beginning)
    except (ValueError, RecursionError):  # no JSON, or a number of thousands of digits
        return Row(number, {}, Rejected(_("the line is no JSON")), beginning)
    if not isinstance(found, dict):
        return Row(number, {}, Rejected(_("the line is no JSON object")), beginning)
    return Row(number, found, beginning=beginning)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):  # which of the values is meant cannot be known
        names = Counter(name for name, _value in pairs)
        twice = names.most_common(1)[0][0]
        raise Rejected(_("“%(field)s” stands twice in the line") % {"field": twice[:80]})
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


STRICT_JSON = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant)


def _as_text(column: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool | dict | list):
        raise Rejected(_("“%(field)s” is no text") % {"field": column[:80]})
    return json.dumps(value)


def _unreadable(path: Path | str, error: OSError) -> UnreadableFile:
    return UnreadableFile(
        _("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror or error}
    )
