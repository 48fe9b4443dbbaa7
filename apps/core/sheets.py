"""Tables as CSV that no spreadsheet runs."""

import csv
import io
from collections.abc import Iterable, Sequence

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: str, *, kept: str = "") -> str:
    """Return a cell no spreadsheet runs: a quote before what looks like a formula says so.

    kept  control characters that stay, such as the ends of lines
    """
    text = "".join(sign if sign.isprintable() or sign in kept else "\ufffd" for sign in value)
    text = text.encode("utf-8", "replace").decode("utf-8")
    return f"'{text}" if looks_like_a_formula(value) else text


def looks_like_a_formula(value: str) -> bool:
    """Return whether a spreadsheet would run a text."""
    return value.lstrip().startswith(STARTS_A_FORMULA)


def csv_of(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as CSV (RFC 4180) in UTF-8 with the mark that spreadsheets look for."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    for row in (header, *rows):
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return written.getvalue().encode("utf-8-sig")
