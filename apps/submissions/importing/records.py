"""What one row of a source may hold, and why a row is rejected."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from apps.core.countries import country_of
from apps.core.languages import language_tag
from apps.submissions.importing.dates import in_numbers
from apps.submissions.models import LONGEST_TEXT

FIELDS = (
    "reference",
    "text",
    "organisation",
    "group",
    "question",
    "submitted_at",
    "language",
    "country",
    "weight",
    "title",
)
KEPT_WHOLE = ("text",)
ON_ONE_LINE = frozenset(["reference", "organisation", "country", "title"])
LONGEST = {
    "reference": 120,
    "organisation": 300,
    "group": 200,
    "question": 2_000,
    "submitted_at": 40,
    "language": 40,
    "country": 60,
    "weight": 9,
    "title": 300,
}
# What a spreadsheet would run. People write "- a point", "+1 from us", "- Provider(s)" and "= 5
# reasons"; they do not write calls in capitals or of functions that reach out, or pipes to one.
_REACHING = "hyperlink|import\\w+|webservice|filterxml|indirect|image|rtd|dde|exec|call|cmd|sum"
FORMULA = re.compile(
    r"\s*(?:"
    r"=[\s=+\-@(]*(?:[A-Za-z_][\w.]*\s*[(|!]|\$?[A-Za-z]{1,3}\$?\d+\b|\"|'|\{"
    r"|[\d.]+%?\s*(?:[-+*/^&|<>=]\s*[\w(\"'$@+\-]|\Z))"
    rf"|[+\-@][\d+\-*/.,()%\s]*(?:[A-Z][A-Z0-9_.]*\(|(?:(?i:{_REACHING}))\("
    r"|[A-Za-z_]\w*\|\s*'|[A-Za-z_]\w*!\$?[A-Z]{1,3}\$?\d)"
    r")"
)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
LONGEST_TAG = 12
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD_OF_UTC = timedelta(hours=14)  # a day that has begun somewhere is not in the future
UNDECODABLE = re.compile("[\ud800-\udfff]")


class Rejected(ValueError):
    """A row that cannot be taken in; the message is the reason in plain words."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row, checked: a text of one submission."""

    line: int
    text: str
    reference: str = ""
    organisation: str = ""
    group: str = ""
    question: str = ""
    submitted_at: datetime | None = None
    language: str = ""
    country: str = ""
    weight: int = 1
    title: str = ""
    attachments: int = 0
    is_withdrawn: bool = False
    source_url: str = ""
    stance: str = ""
    scale: int | None = None
    choices: tuple[str, ...] = ()  # keys, in order

    @property
    def is_answer(self) -> bool:
        """Return whether it says something, in words or by a choice."""
        return bool(self.text or self.stance or self.scale or self.choices)


def check_cells(cells: Mapping[str, str]) -> None:
    """Raise Rejected for a cell that may not be stored, whatever its field."""
    for name, value in cells.items():
        if UNDECODABLE.search(value):
            raise Rejected(_("%(field)s is not valid UTF-8") % {"field": name})
        if "\x00" in value:
            raise Rejected(_("%(field)s holds a NUL character") % {"field": name})
        longest = LONGEST.get(name, LONGEST_TEXT)
        if len(value) > longest:
            raise Rejected(
                _("%(field)s has %(length)s characters, %(most)s are possible")
                % {"field": name, "length": len(value), "most": longest}
            )
        if FORMULA.match(value):
            raise Rejected(_("%(field)s begins like a spreadsheet formula") % {"field": name})


def read_instant(value: str) -> datetime | None:
    """Return an instant in UTC, None for an empty value; raise Rejected for one that is no date."""
    if not value:
        return None
    numbers = in_numbers(value)
    try:
        instant = parse_datetime(numbers)
        day = None if instant else parse_date(numbers[:10])
    except ValueError as error:
        raise Rejected(_("“%(value)s” is no date") % {"value": value}) from error
    if instant is None and day is not None and len(numbers) <= 10:
        instant = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if instant is None:
        raise Rejected(
            _("“%(value)s” is no date; write it like 2026-11-23 or 2026-11-23T12:00:00Z")
            % {"value": value}
        )
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    if instant < EARLIEST:
        raise Rejected(_("“%(value)s” is before 1970") % {"value": value})
    if instant > timezone.now() + AHEAD_OF_UTC:
        raise Rejected(_("“%(value)s” is in the future") % {"value": value})
    return instant


def read_language(value: str) -> str:
    """Return the tag of a language written as a tag or by its name; raise Rejected for others."""
    if not value:
        return ""
    if tag := language_tag(value):
        return tag
    if not LANGUAGE.fullmatch(value) or len(value) > LONGEST_TAG:
        raise Rejected(
            _("“%(value)s” is no language code; write it like en or pt-BR") % {"value": value}
        )
    primary, hyphen, region = value.replace("_", "-").partition("-")
    return primary.lower() + hyphen + region


def read_weight(value: str) -> int:
    """Return how many letters a row stands for; raise Rejected unless it is 1 or more."""
    if not value:
        return 1
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 2_000_000_000:
        raise Rejected(_("weight “%(value)s” is no whole number of 1 or more") % {"value": value})
    return int(value)


def record_from(line: int, cells: Mapping[str, str], *, has_text: bool = True) -> Record:
    """Return the record of a row whose cells are named by field; raise Rejected.

    has_text  False for a comment whose words are elsewhere or withdrawn: none are kept
    """
    check_cells(cells)
    trimmed: dict[str, Any] = {
        name: cell.strip() for name, cell in cells.items() if name not in KEPT_WHOLE
    }
    for name in ON_ONE_LINE & trimmed.keys():
        trimmed[name] = " ".join(trimmed[name].split())
    if trimmed.get("reference") in (".", ".."):  # a browser takes these out of an address
        raise Rejected(
            _("reference “%(value)s” cannot be an address") % {"value": cells["reference"]}
        )
    text = cells["text"].replace("\r\n", "\n") if has_text else ""
    if has_text and not text.strip():
        raise Rejected(_("the text is missing"))
    return Record(
        line=line,
        text=text,
        submitted_at=read_instant(trimmed.pop("submitted_at", "")),
        weight=read_weight(trimmed.pop("weight", "")),
        language=read_language(trimmed.pop("language", "")),
        country=country_of(trimmed.pop("country", "")),
        **trimmed,
    )
