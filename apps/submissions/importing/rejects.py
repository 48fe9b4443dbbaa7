"""Writes the rows that were not taken in: line, reference, reason, beginning of the row."""

import csv
from collections.abc import Mapping
from pathlib import Path

from apps.core.sheets import looks_like_a_formula, safe_cell

LONGEST_EXCERPT = 200


class Rejects:
    """A CSV file whose cells are safe to open in a spreadsheet; none is left without a reject.

    raises  OSError where the file cannot be written, before anything else happens
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow(["line", "reference", "reason", "row"])

    def add(self, line: int, reason: str, cells: Mapping[str, str]) -> None:
        """Write one rejected row."""
        self.count += 1
        reference = cells.get("reference", "")[:LONGEST_EXCERPT]
        row = " | ".join(value[:LONGEST_EXCERPT] for value in cells.values() if value)
        self._rows.writerow([line, *map(_safe, (reference, reason, row))])
        self._file.flush()

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(self, *error: object) -> None:
        """Finish the file; without a rejected row it goes."""
        self._file.close()
        if not self.count:
            self.path.unlink(missing_ok=True)


def mendable_cell(value: str) -> str:
    """Return a whole cell no spreadsheet runs.

    Lines of a longer text stay lines: the cell is there to be mended and taken in again.
    """
    return safe_cell(value, kept="\n\t")


def without_quote(value: str) -> str:
    """Return what `mendable_cell`, or a spreadsheet, put a quote before."""
    is_quoted = value.startswith("'") and looks_like_a_formula(value[1:])
    return value[1:] if is_quoted else value


def _safe(value: str) -> str:
    return safe_cell(value[: 4 * LONGEST_EXCERPT])
