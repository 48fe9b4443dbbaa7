"""The formats an import knows: which columns hold which field, and which are never stored."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

from django.utils.translation import gettext as _

from apps.submissions.importing import readers
from apps.submissions.importing.records import (
    FIELDS,
    Record,
    Rejected,
    check_cells,
    record_from,
)

PERSONAL = re.compile(
    r"e-?mail|phone|\bfax\b|mobile|street|address|zip|postal|post ?code|first.?name|last.?name"
    r"|surname|birth|\bdob\b|\bssn\b",
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
DOCUMENT_ID = re.compile(r"[A-Za-z0-9_-]+")


class WrongMapping(ValueError):
    """A `--map` that names no field or no column, or a personal column; nothing was taken in."""


@dataclass(frozen=True)
class Source:
    """An opened file: its rows as records or reasons, and the columns that are not stored."""

    rows: Iterator[tuple[int, Record | Rejected, Mapping[str, str]]]
    unused: Sequence[str]
    has_questions: bool


def read(file: IO[str], *, file_format: str, mapping: Mapping[str, str]) -> Source:
    """Open a file in one of the formats; `mapping` maps fields to columns.

    raises  WrongMapping, readers.UnreadableFile
    """
    reader = readers.read_jsonl if file_format == "jsonl" else readers.read_csv
    columns, rows = reader(file)
    own = REGULATIONS_GOV if file_format == "regulations_gov" else {f: f for f in FIELDS}
    fields = {field: column for field, column in own.items() if column in columns}
    fields.update(mapping)
    _check_mapping(fields, mapping, columns)
    more = REGULATIONS_GOV_MORE if file_format == "regulations_gov" else ()
    used = {*fields.values(), *more}
    make = _regulations_gov if file_format == "regulations_gov" else record_from
    return Source(
        rows=_records(rows, fields, make),
        unused=[column for column in columns if column not in used],
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
        mapping[field] = column
    return mapping


def _check_mapping(
    fields: Mapping[str, str], mapping: Mapping[str, str], columns: Sequence[str]
) -> None:
    listed = ", ".join(columns)
    for field, column in mapping.items():
        if column not in columns:
            raise WrongMapping(
                _("There is no column “%(column)s” for %(field)s. Columns: %(columns)s.")
                % {"column": column, "field": field, "columns": listed}
            )
        if PERSONAL.search(column):
            raise WrongMapping(
                _("The column “%(column)s” looks personal; such columns are never stored.")
                % {"column": column}
            )
    if "text" not in fields:
        raise WrongMapping(
            _("No column holds the text. Name it with --map text=COLUMN. Columns: %(columns)s.")
            % {"columns": listed}
        )


def _records(
    rows: Iterator[readers.Row],
    fields: Mapping[str, str],
    make: Callable[[int, dict[str, str]], Record],
) -> Iterator[tuple[int, Record | Rejected, Mapping[str, str]]]:
    extra = {name: name for name in REGULATIONS_GOV_MORE} if make is _regulations_gov else {}
    wanted = {**extra, **fields}
    for line, row in rows:
        if isinstance(row, Rejected):
            yield line, row, {}
            continue
        cells = readers.cells_of(row, wanted)
        try:
            yield line, make(line, cells), cells
        except Rejected as error:
            yield line, error, cells


def _regulations_gov(line: int, cells: dict[str, Any]) -> Record:
    """Return a record of an export of regulations.gov; withdrawn comments lose their words."""
    more = {name: cells.pop(name, "").strip() for name in REGULATIONS_GOV_MORE}
    attachments = int(more["n_attachments"]) if more["n_attachments"].isdecimal() else 0
    is_withdrawn = more["withdrawn"].lower() in ("1", "true", "yes")
    reference = cells["reference"].strip()
    if not reference:
        raise Rejected(_("the comment has no comment_id"))
    check_cells(cells | more)
    cells.setdefault("submitted_at", more["received_date"] or more["posted_date"])
    has_words = bool(cells["text"].strip()) and not is_withdrawn
    if not has_words and not attachments and not is_withdrawn:
        raise Rejected(_("the text is missing, and no attachment is named"))
    if not has_words:
        cells["text"] = "-"  # stands in for the checks; such a record holds no text
    record = record_from(line, cells)
    return replace(
        record,
        text=record.text if has_words else "",
        attachments=attachments,
        is_withdrawn=is_withdrawn,
        source_url=COMMENT_PAGE + reference if DOCUMENT_ID.fullmatch(reference) else "",
    )
