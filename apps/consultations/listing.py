"""Reads a list of stakeholders as people paste or upload it: name, group, country, address."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.core.countries import country_code
from apps.core.display import on_one_line

SEPARATORS = ";\t,"
LONGEST_NAME = 200
LONGEST_CELL = 10_000  # signs; beyond, a quotation mark was left open
COLUMNS = ("name", "group", "country", "email")
# What other tools and people write above these columns.
COLUMN_OF = {
    "organisation": "name",
    "organization": "name",
    "e-mail": "email",
    "mail": "email",
} | {
    "stakeholder group": "group",
    "e-mail address": "email",
    "email address": "email",
}
# In the language of the page.
NAMED_HERE = {
    _("name"): "name",
    _("Group"): "group",
    _("stakeholder group"): "group",
    _("country"): "country",
    _("e-mail address"): "email",
}
MARKED = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class ListRow:
    """One line as it was read; `told` says what is wrong with it."""

    number: int
    name: str
    group: str
    country: str
    email: str
    cells: Sequence[str] = ()
    told: Sequence[str | Promise] = field(default=())

    @property
    def fields(self) -> dict[str, str]:
        """What is kept of it."""
        return {name: getattr(self, name) for name in COLUMNS}

    @property
    def line(self) -> str:
        """The line as a list that can be read again; a sign that parts cells is left out."""
        return "; ".join(" ".join(one.replace(";", " ").split()) for one in self.fields.values())


def read_list(listed: str) -> list[ListRow]:
    """Return every line that is not empty, with what is wrong with it.

    A first line that names columns says in which order they come.
    """
    lines = listed.splitlines()
    separator = max(SEPARATORS, key=lambda sign: sum(sign in line for line in lines))
    reader = csv.reader(lines, delimiter=separator)
    rows = []
    broken: list[ListRow] = []
    try:
        for number, row in enumerate(reader, 1):
            if any(cells := _cells(row)):
                rows.append((number, cells))
    except csv.Error:
        broken = [_broken(reader.line_num)]
    places = _places(rows[0][1]) if rows else {}
    if places:
        rows = [
            (
                number,
                [cells[places[one]] if places.get(one, 99) < len(cells) else "" for one in COLUMNS],
            )
            for number, cells in rows[1:]
        ]
    return [*(_row(number, cells) for number, cells in rows), *broken]


def decoded(data: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, or what Windows wrote before."""
    encoding = MARKED.get(data[:2], "utf-8-sig")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _places(cells: Sequence[str]) -> dict[str, int]:
    """Return where each column stands, nothing where the line names none."""
    known = [cell.casefold() for cell in cells]
    here = {str(name).casefold(): column for name, column in NAMED_HERE.items()}
    columns = COLUMN_OF | here
    found = {columns.get(name, name): place for place, name in enumerate(known)}
    return found if {"name", "group"} <= found.keys() else {}


def _cells(row: Sequence[str]) -> list[str]:
    """Return the cells of a row; raise csv.Error where one is so long that it holds more rows."""
    cells = [cell.strip() for cell in row]
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise csv.Error
    return cells


def _broken(number: int) -> ListRow:
    told = _("Line %(line)s: nothing can be read from here on. Is a quotation mark left open?")
    return ListRow(number, "", "", "", "", told=(told % {"line": number},))


def _row(number: int, cells: Sequence[str]) -> ListRow:
    name, label, country, email = [*cells, "", "", "", ""][:4]
    group, line = group_named(label), {"line": number}
    told = []
    if not name:
        told.append(_("Line %(line)s: give a name.") % line)
    if len(name) > LONGEST_NAME:
        text = _("Line %(line)s: the name is longer than %(most)s signs.")
        told.append(text % {**line, "most": LONGEST_NAME})
    if not label:
        told.append(_("Line %(line)s: give the stakeholder group.") % line)
    elif not group:
        text = _("Line %(line)s: “%(group)s” is no stakeholder group.")
        told.append(text % {**line, "group": label[:60]})
    if country and not country_code(country):
        told.append(_("Line %(line)s: give the country in two letters.") % line)
    if email and not _is_address(email):
        told.append(_("Line %(line)s: the e-mail address is none.") % line)
    return ListRow(
        number, on_one_line(name), group, country_code(country), email, tuple(cells), tuple(told)
    )


def group_named(label: str) -> str:
    """Return the group a word names: its key, or its name in the language of the page."""
    wanted = label.casefold()
    for key, name in StakeholderGroup.choices:
        if wanted in (key, str(name).casefold()):
            return str(key)
    return ""


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
