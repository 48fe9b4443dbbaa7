"""Inserts many rows by plain SQL: a model instance for each took most of an import's time.

Counters are added to by plain SQL too: the ORM has no insert that adds to the row already there.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

ROWS_AT_ONCE = 1_000


def insert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows into the table of a model; `columns` are our own names, never input.

    What a model does when it is saved does not happen: the caller gives every column without a
    default in the database. The constraints of the table hold all the same.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(map(quote, columns))
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", list(rows))  # noqa: S608


def add(
    model: type[models.Model],
    key: Sequence[str],
    counters: Sequence[str],
    rows: Sequence[Sequence[int | str]],
    *,
    unique: str,
) -> None:
    """Add to counters of the rows with these keys, which are made where they are missing.

    One statement, so that a count is never lost to another writer. Rows are locked in the order
    given: whoever gives them in one order everywhere is never caught in a ring.

    rows    the values of the columns `key`, then what is added to each counter; no key twice
    unique  the unique constraint that finds the row, as SQL: "(a, b) WHERE c IS NULL"
    """
    if rows:
        table = connection.ops.quote_name(model._meta.db_table)
        counted = map(connection.ops.quote_name, counters)
        sums = ", ".join(f"{c} = {table}.{c} + excluded.{c}" for c in counted)
        _insert_at_once(model, (*key, *counters), rows, f"{unique} DO UPDATE SET {sums}")


def put(
    model: type[models.Model], key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows, or write their columns anew where the row with this key is there.

    Many rows in a statement: where triggers keep an index, they end their work with each statement.

    rows  the value of the column `key`, then those of `columns`; no key twice
    """
    quote = connection.ops.quote_name
    news = ", ".join(f"{quote(c)} = excluded.{quote(c)}" for c in columns)
    for first in range(0, len(rows), ROWS_AT_ONCE):
        chunk = rows[first : first + ROWS_AT_ONCE]
        _insert_at_once(model, (key, *columns), chunk, f"({quote(key)}) DO UPDATE SET {news}")


def _insert_at_once(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    on_conflict: str,
) -> None:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(map(quote, columns))
    places = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES {places} ON CONFLICT {on_conflict}",  # noqa: S608
            [value for row in rows for value in row],
        )
