"""The formats an import knows: which columns hold which field, and which are never stored."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from apps.submissions.importing import readers
from apps.submissions.importing.readers import Row, SourceFile
from apps.submissions.importing.records import (
    FIELDS,
    UNDECODABLE,
    Record,
    Rejected,
    check_cells,
    record_from,
)

PERSONAL = re.compile(
    r"e-?mail|phone|(?<![a-z])fax|(?<![a-z])mobile|street|address|(?<![a-z])zip|postal|post.?code"
    r"|(?:first|last|family|given|sur).?name|birth|(?<![a-z])(?:dob|ssn)(?![a-z])",
    re.IGNORECASE,
)
REGULATIONS_GOV = {
    "reference": "comment_id",
    "text": "text",
    "organisation": "organization",
    "group": "category_declared",
    "country": "country",
}
REGULATIONS_GOV_MORE = ("received_date", "posted_date", "n_attachments", "withdrawn")
COMMENT_PAGE = "https://www.regulations.gov/comment/"
LONGEST_LIST = 2_000
LONGEST_COUNT = 9
DOCUMENT_ID = re.compile(r"[A-Za-z0-9_-]+")


class WrongMapping(ValueError):
    """A `--map` that names no field or no column, or a personal column; nothing was taken in."""


class Read(NamedTuple):
    """One row: `found` is what it holds or why it is rejected, `cells` what to show of it."""

    line: int
    found: Record | Rejected
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """An opened file: its rows as records or reasons, and the columns that are not stored."""

    rows: Iterator[Read]
    unused: Sequence[str]
    has_questions: bool


def read(file: SourceFile, *, file_format: str, mapping: Mapping[str, str]) -> Source:
    """Open a file in one of the formats; `mapping` maps fields to columns.

    raises  WrongMapping, readers.UnreadableFile
    """
    is_json, is_federal = file_format == "jsonl", file_format == "regulations_gov"
    own = REGULATIONS_GOV if is_federal else {field: field for field in FIELDS}
    # Later objects may have fields the first has not; whether rows are answers to questions must
    # be known from the first.
    later = own.keys() - mapping.keys() - {"question"} if is_json else set()
    columns, rows = readers.read_jsonl(file, also=later) if is_json else readers.read_csv(file)
    fields = {f: column for f, column in own.items() if column in columns or f in later}
    fields.update(mapping)
    _check_columns(fields, mapping, columns)
    _require(fields, ("reference", "text") if is_federal else ("text",), columns)
    used = {*fields.values(), *(REGULATIONS_GOV_MORE if is_federal else ())}
    return Source(
        rows=_records(
            _with_a_first(rows, file), fields, _regulations_gov if is_federal else record_from
        ),
        unused=[column for column in columns if column and column not in used],
        has_questions="question" in fields,
    )


def parse_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Return {field: column} from "field=column" words; raise WrongMapping."""
    mapping: dict[str, str] = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not sign or not field or not column:
            raise WrongMapping(_("“%(pair)s” is not FIELD=COLUMN.") % {"pair": pair})
        if field not in FIELDS:
            raise WrongMapping(
                _("There is no field “%(field)s”. Fields: %(fields)s.")
                % {"field": field, "fields": ", ".join(FIELDS)}
            )
        if mapping.setdefault(field, column) != column:
            raise WrongMapping(_("“%(field)s” is mapped twice.") % {"field": field})
    return mapping


def _check_columns(
    fields: Mapping[str, str], mapping: Mapping[str, str], columns: Sequence[str]
) -> None:
    for field, column in mapping.items():
        if column not in columns:
            raise WrongMapping(
                _("There is no column “%(column)s” for %(field)s.")
                % {"column": column, "field": field}
                + _there_are(columns)
            )
        if PERSONAL.search(column):
            raise WrongMapping(
                _("The column “%(column)s” looks personal; such columns are never stored.")
                % {"column": column}
            )
    for column in fields.values():
        if columns.count(column) > 1:
            raise WrongMapping(
                _("There are several columns “%(column)s”. Columns: %(columns)s.")
                % {"column": column, "columns": listed(columns)}
            )


def _require(fields: Mapping[str, str], names: Sequence[str], columns: Sequence[str]) -> None:
    for name in names:
        if name not in fields:
            raise WrongMapping(
                _("No column holds the %(field)s. Name it with --map %(field)s=COLUMN.")
                % {"field": name}
                + _there_are(columns)
            )


def listed(names: Sequence[str], *, between: str = ", ") -> str:
    """Return names from a file as a line that can be printed."""
    whole = between.join(names)
    return readers.printable(whole[:LONGEST_LIST]) + ("…" if len(whole) > LONGEST_LIST else "")


def _there_are(columns: Sequence[str]) -> str:
    """Return which columns there are, and what is likely to be wrong with them."""
    if any(UNDECODABLE.search(column) or "\x00" in column for column in columns):
        return " " + _("The first line is no text in UTF-8: save the file as CSV in UTF-8.")
    there = " " + _("Columns: %(columns)s.") % {"columns": listed(columns)}
    for separator in ";\t|":
        if len(columns) == 1 and separator in columns[0]:
            name = _("tabs") if separator == "\t" else f"“{separator}”"
            there += " " + _("They seem to be separated by %(separator)s: save with commas.") % {
                "separator": name
            }
    return there


def _with_a_first(rows: Iterator[Row], file: SourceFile) -> Iterator[Row]:
    first = next(rows, None)
    if first is None:
        raise readers.UnreadableFile(_("%(file)s has a header and no rows.") % {"file": file.path})
    return chain([first], rows)


def _records(
    rows: Iterator[Row], fields: Mapping[str, str], make: Callable[[int, dict[str, str]], Record]
) -> Iterator[Read]:
    extra = {name: name for name in REGULATIONS_GOV_MORE} if make is _regulations_gov else {}
    wanted = {**extra, **fields}
    for row in rows:
        if row.problem:
            yield Read(row.line, row.problem, {"row": row.beginning})
            continue
        cells: dict[str, str] = {}
        try:
            cells = readers.cells_of(row, wanted)
            yield Read(row.line, make(row.line, cells), cells)
        except Rejected as error:
            yield Read(row.line, error, cells or {"row": row.beginning})


def _regulations_gov(line: int, cells: dict[str, Any]) -> Record:
    """Return a record of an export of regulations.gov; withdrawn comments lose their words."""
    more = {name: cells.get(name, "").strip() for name in REGULATIONS_GOV_MORE}
    attachments = int(more["n_attachments"]) if _is_count(more["n_attachments"]) else 0
    is_withdrawn = more["withdrawn"].lower() in ("1", "true", "yes")
    reference = cells["reference"].strip()
    if not reference:
        raise Rejected(_("the comment has no comment_id"))
    check_cells(more)
    has_words = bool(cells["text"].strip()) and not is_withdrawn
    if not has_words and not attachments and not is_withdrawn:
        raise Rejected(_("the text is missing, and no attachment is named"))
    named = {"submitted_at": more["received_date"] or more["posted_date"], **cells}
    record = record_from(
        line, {name: named[name] for name in named if name in FIELDS}, has_text=has_words
    )
    return replace(
        record,
        attachments=attachments,
        is_withdrawn=is_withdrawn,
        source_url=COMMENT_PAGE + reference if DOCUMENT_ID.fullmatch(reference) else "",
    )


def _is_count(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= LONGEST_COUNT
