"""Which cells of a public table are withheld because they would show what few people said."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from apps.analysis.stance import StanceTable

IntArray = NDArray[np.signedinteger[Any]]
BoolArray = NDArray[np.bool_]
Cell = tuple[int, int]


@dataclass(frozen=True)
class PublicTable:
    """A table in which some cells are withheld; a withheld cell is not a zero.

    counts           (n_groups, 6): 0 where withheld
    withheld         (n_groups, 6): show "withheld", never a number
    hidden_rows      (n_groups,): the total of the row must not be shown either
    hidden_columns   (6,): the total of the column must not be shown either
    """

    groups: tuple[str, ...]
    counts: IntArray
    withheld: BoolArray
    hidden_rows: BoolArray
    hidden_columns: BoolArray


@dataclass(frozen=True)
class _Plan:
    """What is withheld so far; `keep` marks cells that everybody may see anyway."""

    counts: IntArray
    keep: BoolArray
    withheld: BoolArray
    hidden_rows: BoolArray
    hidden_columns: BoolArray


def suppress_small(
    table: StanceTable, *, least: int = 5, named: ArrayLike | None = None
) -> PublicTable:
    """Withhold small cells about people who are not named on the public record.

    A cell of 1 to least - 1 is withheld. Totals of rows and columns are public, so further cells
    go, the smallest first, until no withheld cell follows from the totals and the other cells and
    none of them leaves a remainder below least. Where no cell is left to go, the total goes.
    That a cell is exactly known is decided without error; that it is nearly known is not looked at.

    named   (n_groups, 6): cells of which everybody is named already; they are always shown
    raises  ValueError for a mask of another shape
    source  Gusfield 1988, doi:10.1137/0217034 (which cells of a table with totals are known)
    """
    counts = table.counts
    keep = np.zeros(counts.shape, dtype=bool) if named is None else np.asarray(named, dtype=bool)
    if keep.shape != counts.shape:
        raise ValueError("the mask of named cells must have the shape of the table")
    plan = _Plan(
        counts,
        keep,
        (counts > 0) & (counts < least) & ~keep,
        np.zeros(counts.shape[0], dtype=bool),
        np.zeros(counts.shape[1], dtype=bool),
    )
    while (cell := next(_given_away(plan, least), None)) is not None:
        _protect(plan, cell, least)
    return PublicTable(
        table.groups,
        np.where(plan.withheld, 0, counts),
        plan.withheld,
        plan.hidden_rows,
        plan.hidden_columns,
    )


def _given_away(plan: _Plan, least: int) -> Iterator[Cell]:
    """Yield withheld cells that the rest of the table gives away, those in weak lines first.

    What is yielded second is out of date once the first has been protected.
    """
    rows, columns = _weak_lines(plan, least)
    cells = [(int(row), int(column)) for row, column in np.argwhere(plan.withheld)]
    yield from (cell for cell in cells if rows[cell[0]] or columns[cell[1]])
    moves = _moves(plan, cells)
    yield from (cell for cell in cells if not _can_vary(cell, moves, len(plan.counts)))


def _weak_lines(plan: _Plan, least: int) -> tuple[BoolArray, BoolArray]:
    """Return the rows and columns with a total whose withheld cells are one, or too few people."""
    remainder = np.where(plan.withheld, plan.counts, 0)
    rows, columns = (
        ~hidden & ((plan.withheld.sum(axis=axis) == 1) | (remainder.sum(axis=axis) < least))
        for axis, hidden in ((1, plan.hidden_rows), (0, plan.hidden_columns))
    )
    return rows, columns


def _protect(plan: _Plan, cell: Cell, least: int) -> None:
    """Withhold one more cell in the line that gives a cell away; else hide a total."""
    row, column = cell
    rows, columns = _weak_lines(plan, least)
    free = ~plan.withheld & ~plan.keep
    in_row = [(row, int(other)) for other in np.flatnonzero(free[row])]
    in_column = [(int(other), column) for other in np.flatnonzero(free[:, column])]
    if rows[row]:
        beside = in_row
    elif columns[column]:
        beside = in_column
    else:
        beside = in_row + in_column
    if beside:
        # A zero can stand for nobody; of the others the smallest costs the reader least.
        chosen = min(beside, key=lambda c: (plan.counts[c] == 0, plan.counts[c], c))
        plan.withheld[chosen] = True
    elif rows[row] or not (columns[column] or plan.hidden_rows[row]):
        plan.hidden_rows[row] = True
    else:
        plan.hidden_columns[column] = True


def _moves(plan: _Plan, cells: list[Cell]) -> dict[int, list[tuple[int, Cell | None]]]:
    """Return the graph of changes that leave every public total as it is.

    Nodes are rows, then columns, then one for all hidden totals. A cell may grow (row to column)
    and, unless it is zero, shrink (column to row).
    """
    n_rows, n_columns = plan.counts.shape
    outside = n_rows + n_columns
    moves: dict[int, list[tuple[int, Cell | None]]] = {node: [] for node in range(outside + 1)}
    for cell in cells:
        row, column = cell[0], n_rows + cell[1]
        moves[row].append((column, cell))
        if plan.counts[cell]:
            moves[column].append((row, cell))
    for line in np.flatnonzero(np.concatenate([plan.hidden_rows, plan.hidden_columns])).tolist():
        moves[line].append((outside, None))
        moves[outside].append((line, None))
    return moves


def _can_vary(cell: Cell, moves: dict[int, list[tuple[int, Cell | None]]], n_rows: int) -> bool:
    """Tell whether another table with the same totals has another number in this cell."""
    row, column = cell[0], n_rows + cell[1]
    can_shrink = (row, cell) in moves[column]
    return _leads(column, row, moves, without=cell) or (
        can_shrink and _leads(row, column, moves, without=cell)
    )


def _leads(
    start: int, goal: int, moves: dict[int, list[tuple[int, Cell | None]]], *, without: Cell
) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        for node, through in moves[waiting.pop()]:
            if through != without and node not in seen:
                if node == goal:
                    return True
                seen.add(node)
                waiting.append(node)
    return False
