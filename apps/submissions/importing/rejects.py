"""Writes the rows that were not taken in: line, reference, reason, beginning of the row."""

import csv
from collections.abc import Mapping
from pathlib import Path

LONGEST_EXCERPT = 200
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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


def _safe(value: str) -> str:
    """Return a cell no spreadsheet runs: without control characters, formulas quoted."""
    text = "".join(c if c.isprintable() else "\ufffd" for c in value[: 4 * LONGEST_EXCERPT])
    text = text.encode("utf-8", "replace").decode("utf-8")
    return f"'{text}" if text.lstrip().startswith(STARTS_A_FORMULA) else text
