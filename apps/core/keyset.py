"""Keyset pages: the same cost on the first page and on the thousandth, and no COUNT."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Field, Func, Q, QuerySet, Value
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

Item = TypeVar("Item")


class BadCursor(DomainError):
    """The `after` of an address was cut or changed."""

    code = "bad_cursor"
    status = 400


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page and where the next begins; `next_cursor` is empty on the last."""

    items: Sequence[Item]
    next_cursor: str


def paginate(
    queryset: "QuerySet[Any, Item]",
    *,
    after: str,
    size: int,
    by: str = "-id",
    drawn: "QuerySet[Any, Item] | None" = None,
) -> "Page[Item]":
    """Return the page of rows that follow a cursor, ordered by one field and the primary key.

    Rows are objects or, from `values()`, dictionaries that hold the field and `id`.

    by      field name, with "-" for descending; the primary key breaks ties the same way
    after   cursor of an earlier page, empty for the first
    drawn   the same rows with all that is shown of them, where that is dear: of a search that finds
            many, a database would work it out for every one of them before it cuts the page
    raises  BadCursor for a cursor this function did not make
    """
    field, descending = by.lstrip("-"), by.startswith("-")
    key = "id" if field == "pk" else field
    order = [by] if key == "id" else [by, "-id" if descending else "id"]
    rows = queryset.order_by(*order)
    if after:
        place = _decode(after, queryset.model._meta.get_field(key))
        rows = rows.filter(_beyond(key, place, descending=descending))
    if drawn is not None:
        items = list(drawn.filter(pk__in=rows.values("pk")[: size + 1]).order_by(*order))
    else:
        items = list(rows[: size + 1])
    if len(items) <= size:
        return Page(items, "")
    last: Any = items[size - 1]
    if isinstance(last, dict):
        return Page(items[:size], _encode(last[key], last["id"]))
    return Page(items[:size], _encode(getattr(last, key), last.pk))


def _beyond(key: str, place: tuple[Any, int], *, descending: bool) -> Q | Func:
    value, pk = place
    if key == "id":
        return Q(**{"id__lt" if descending else "id__gt": pk})
    return _RowComparison(
        Func(F(key), F("id"), function=""),
        Func(Value(value), Value(pk), function=""),
        arg_joiner=" < " if descending else " > ",
    )


class _RowComparison(Func):
    """Compare row values: one range of the index, however many rows share the first value."""

    function = ""
    template = "%(expressions)s"
    output_field = BooleanField()


def _encode(value: Any, pk: int) -> str:
    kind = "t" if isinstance(value, datetime) else "v"
    raw = json.dumps([kind, value.isoformat() if kind == "t" else value, pk])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _decode(cursor: str, field: "Field[Any, Any]") -> tuple[Any, int]:
    """Return value and primary key; raise BadCursor unless they could have come from a row."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        kind, value, pk = json.loads(raw)
        value = field.to_python(datetime.fromisoformat(value) if kind == "t" else value)
        is_place = value is not None and type(pk) is int and -LARGEST < pk < LARGEST
        is_place = is_place and (not isinstance(value, int) or -LARGEST < value < LARGEST)
        is_place = is_place and (not isinstance(value, datetime) or is_aware(value))
    except (ValueError, TypeError, RecursionError, ValidationError) as error:
        raise BadCursor(_NOT_A_PLACE) from error
    if not is_place or "\0" in str(value):
        raise BadCursor(_NOT_A_PLACE)
    return value, pk


LARGEST = 2**63
_NOT_A_PLACE = _("This link does not point to a place in the list. Go back to its first page.")
