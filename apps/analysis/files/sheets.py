"""XLSX: the rows of the first visible sheet as text, read while they stream by; nothing is run.

A cell with a formula is read as the value that was last shown; one without such a value is read as
the formula itself, behind its equals sign, so that whoever takes it in sees what it is.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from lxml import etree

from apps.analysis.files.limits import MOST_COLUMNS, Unfit
from apps.analysis.files.markup import elements, parse
from apps.analysis.files.packages import SMALL, open_package, read_member

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
PLACE = re.compile(r"([A-Z]{1,3})\d+")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
DAY_ZERO = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - of no zone
EXACT = 2**53  # whole numbers up to here are exact in a cell
LAST_DAY = 2_958_465  # 31 December 9999


def rows(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of the row, its cells as text); empty rows are left out.

    raises  Unfit: two_kinds, encrypted, macros, bomb, entities, damaged; too_wide for a row with
            more cells than are read
    """
    package = open_package(stream)
    names = {name.casefold(): name for name in package.namelist()}
    if "xl/workbook.xml" not in names:
        raise Unfit("other_kind")
    book = parse(read_member(package, names["xl/workbook.xml"], most=SMALL))
    strings = _strings(package, names)
    dates = _date_styles(package, names)
    zero = DAY_ZERO[_is_1904(book)]
    sheet = read_member(package, _first_sheet(package, names, book))
    number = 0
    for row in elements(sheet, f"{MAIN}row"):
        number = _row_number(row, number)
        cells = _cells(row, strings, dates, zero)
        if any(cells):
            yield number, cells


def _row_number(row: Any, before: int) -> int:
    told = row.get("r", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 7 else before + 1


def _cells(row: Any, strings: list[str], dates: Mapping[int, bool], zero: datetime) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren(f"{MAIN}c"):
        place = _column(cell.get("r", ""), len(cells))
        if place >= MOST_COLUMNS:
            raise Unfit("too_wide")
        cells.extend([""] * (place + 1 - len(cells)))
        cells[place] = _value(cell, strings, dates, zero)
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _column(place: str, following: int) -> int:
    found = PLACE.fullmatch(place)
    if not found:
        return following
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return column - 1


def _value(cell: Any, strings: list[str], dates: Mapping[int, bool], zero: datetime) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell.find(f"{MAIN}is"))
    held, formula = cell.findtext(f"{MAIN}v"), cell.findtext(f"{MAIN}f")
    if held is None or held == "":
        return f"={formula}" if formula else ""
    if kind == "s":
        return _shared(strings, held)
    if kind == "b":
        return "TRUE" if held == "1" else "FALSE"
    if kind in ("str", "e", "d"):
        return _unescaped(held)
    style = cell.get("s", "0")
    is_date = style.isdigit() and len(style) < 7 and dates.get(int(style), False)
    return _number(held, zero if is_date else None)


def _shared(strings: list[str], place: str) -> str:
    if not place.isascii() or not place.isdigit() or len(place) > 9 or int(place) >= len(strings):
        raise Unfit("damaged")
    return strings[int(place)]


def _number(held: str, zero: datetime | None) -> str:
    """Return a number as people write it; with a day zero, the instant it stands for."""
    try:
        number = float(held)
    except ValueError:
        return held
    if zero is not None and 0 <= number <= LAST_DAY:
        instant = zero + timedelta(seconds=round(number * 86_400))
        return f"{instant:%Y-%m-%d}" if number == int(number) else f"{instant:%Y-%m-%dT%H:%M:%S}"
    if abs(number) <= EXACT and number == int(number):
        return str(int(number))
    return held


def _strings(package: Any, names: Mapping[str, str]) -> list[str]:
    name = names.get("xl/sharedstrings.xml")
    if name is None:
        return []
    return [_text(one) for one in elements(read_member(package, name), f"{MAIN}si")]


def _text(held: Any) -> str:
    """Return the text of a string; how it is pronounced (`rPh`) is no part of it."""
    if held is None:
        return ""
    parts = [held.findtext(f"{MAIN}t") or ""]
    parts += [run.findtext(f"{MAIN}t") or "" for run in held.iterchildren(f"{MAIN}r")]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _date_styles(package: Any, names: Mapping[str, str]) -> dict[int, bool]:
    """Return which styles of cells show a number as a date."""
    name = names.get("xl/styles.xml")
    if name is None:
        return {}
    root = parse(read_member(package, name))
    own = {
        form.get("numFmtId"): bool(re.search("[dmyhs]", QUOTED.sub("", form.get("formatCode", ""))))
        for form in root.iter(f"{MAIN}numFmt")
    }
    formats = root.find(f"{MAIN}cellXfs")
    used = [form.get("numFmtId", "0") for form in formats] if formats is not None else []
    return {
        style: own.get(one, one.isdigit() and int(one) in BUILT_IN_DATES)
        for style, one in enumerate(used)
    }


def _is_1904(book: etree._Element) -> bool:
    told = book.find(f"{MAIN}workbookPr")
    return told is not None and told.get("date1904") in ("1", "true")


def _first_sheet(package: Any, names: Mapping[str, str], book: etree._Element) -> str:
    """Return the member that holds the first sheet that is not hidden."""
    sheets = list(book.iter(f"{MAIN}sheet"))
    visible = [sheet for sheet in sheets if sheet.get("state", "visible") == "visible"] or sheets
    relations = names.get("xl/_rels/workbook.xml.rels")
    if not visible or relations is None:
        raise Unfit("damaged")
    root = parse(read_member(package, relations, most=SMALL))
    targets = {one.get("Id"): one.get("Target", "") for one in root.iter(RELATIONS)}
    target = targets.get(visible[0].get(RELATION), "")
    path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    name = names.get(path.casefold())
    if name is None:
        raise Unfit("damaged")
    return name
