"""Keyset pages: the same cost on the first page and on the thousandth, and no COUNT."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

Item = TypeVar("Item", bound=Model)


class BadCursor(DomainError):
    """The `after` of an address was cut or changed."""

    code = "bad_cursor"
    status = 400


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page and where the next begins; `next_cursor` is empty on the last."""

    items: Sequence[Item]
    next_cursor: str


def paginate(queryset: "QuerySet[Item]", *, after: str, size: int, by: str = "-id") -> "Page[Item]":
    """Return the page of rows that follow a cursor, ordered by one field and the primary key.

    by      field name, with "-" for descending; the primary key breaks ties the same way
    after   cursor of an earlier page, empty for the first
    raises  BadCursor for a cursor this function did not make
    """
    field, descending = by.lstrip("-"), by.startswith("-")
    key = "id" if field == "pk" else field
    order = [by] if key == "id" else [by, "-id" if descending else "id"]
    rows = queryset.order_by(*order)
    if after:
        rows = rows.filter(_beyond(key, _decode(after), descending=descending))
    items = list(rows[: size + 1])
    if len(items) <= size:
        return Page(items, "")
    last = items[size - 1]
    return Page(items[:size], _encode(getattr(last, key), last.pk))


def _beyond(key: str, place: tuple[Any, int], *, descending: bool) -> Q:
    value, pk = place
    than = "lt" if descending else "gt"
    if key == "id":
        return Q(**{f"id__{than}": pk})
    # The first condition lets the database begin at the right place of the index.
    return Q(**{f"{key}__{than}e": value}) & (
        Q(**{f"{key}__{than}": value}) | Q(**{f"id__{than}": pk})
    )


def _encode(value: Any, pk: int) -> str:
    kind = "t" if isinstance(value, datetime) else "v"
    raw = json.dumps([kind, value.isoformat() if kind == "t" else value, pk])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[Any, int]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        kind, value, pk = json.loads(raw)
        value = parse_datetime(value) if kind == "t" else value
        valid = kind in ("t", "v") and isinstance(pk, int) and value is not None
    except (binascii.Error, ValueError, TypeError, UnicodeDecodeError) as error:
        raise BadCursor(_NOT_A_PLACE) from error
    if not valid or not isinstance(value, datetime | str | int):
        raise BadCursor(_NOT_A_PLACE)
    return value, pk


_NOT_A_PLACE = _("This link does not point to a place in the list. Go back to its first page.")
