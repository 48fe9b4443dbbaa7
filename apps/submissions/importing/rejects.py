"""Writes the rows that were not taken in: line, reason, beginning of the row."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import IO

LONGEST_EXCERPT = 200
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Rejects:
    """A CSV file made at the first reject; its cells are safe to open in a spreadsheet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: IO[str] | None = None

    def add(self, line: int, reason: str, cells: Mapping[str, str]) -> None:
        """Write one rejected row."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(["line", "reference", "reason", "row"])
        self.count += 1
        row = " | ".join(value[:LONGEST_EXCERPT] for value in cells.values() if value)
        csv.writer(self._file).writerow(
            [line, *map(_safe, (cells.get("reference", "")[:120], reason, row))]
        )

    def close(self) -> None:
        """Finish the file, where there is one."""
        if self._file is not None:
            self._file.close()


def _safe(value: str) -> str:
    """Return a cell no spreadsheet runs: without control characters, formulas quoted."""
    text = "".join(c if c.isprintable() else "\ufffd" for c in value[: 4 * LONGEST_EXCERPT])
    text = text.encode("utf-8", "replace").decode("utf-8")
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text
