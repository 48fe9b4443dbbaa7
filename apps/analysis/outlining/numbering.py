"""Counts as Word does: the number it prints before a paragraph, which is nowhere in the text.

source  ECMA-376, part 1, section 17.9 (numbering), 17.18.59 (ST_NumberFormat)
"""

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from apps.analysis.outlining.elements import child, children, is_on, number_of, value_of
from apps.analysis.outlining.headings import tidied

DEEPEST = 9
LONGEST_PATTERN = 100
LARGEST_COUNT = 32_767
LARGEST_ROMAN = 3_999
LARGEST_LETTERS = 780  # thirty times "z"
BULLET, NONE, DECIMAL = "bullet", "none", "decimal"
_PLACE = re.compile(r"%([1-9])")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True)
class Level:
    """How one level of a list is numbered; `restart` 0: never, n: after a level less than n."""

    start: int = 1
    kind: str = DECIMAL
    pattern: str = ""
    restart: int | None = None
    is_legal: bool = False
    style: str = ""


@dataclass(frozen=True)
class Mark:
    """What is printed before a paragraph; `depth` is the level in its list, from 0."""

    label: str
    depth: int
    is_bullet: bool = False


@dataclass(frozen=True)
class _List:
    abstract: str
    starts: dict[int, int]
    levels: dict[int, Level]


@dataclass
class Numbering:
    """The lists of a document, and how far each has counted."""

    _abstracts: dict[str, dict[int, Level]] = field(default_factory=dict)
    _lists: dict[str, _List] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, number: str, style: str) -> int | None:
        """Return the level that is linked to a style of paragraphs."""
        levels = self._levels(number)
        return next((depth for depth, level in levels.items() if level.style == style), None)

    def printed(self, number: str, depth: int) -> Mark | None:
        """Count one paragraph of a list; return what stands before it, None where nothing does."""
        found, levels = self._lists.get(number), self._levels(number)
        if found is None or depth not in levels:
            return None
        level = levels[depth]
        counts = self._counts.setdefault(found.abstract, {})
        self._count(found, number, depth, counts)
        self._restart(levels, depth, counts)
        if level.kind == BULLET:
            return Mark("", depth, is_bullet=True)
        label = _PLACE.sub(
            lambda place: _value(int(place[1]) - 1, level, levels, counts), level.pattern
        )
        label = tidied(label)
        return Mark(label, depth) if any(map(str.isalnum, label)) else None

    def _levels(self, number: str) -> dict[int, Level]:
        found = self._lists.get(number)
        return {**self._abstracts.get(found.abstract, {}), **found.levels} if found else {}

    def _count(self, found: _List, number: str, depth: int, counts: dict[int, int]) -> None:
        start = self._levels(number)[depth].start
        if depth in found.starts and (number, depth) not in self._begun:
            counts[depth] = found.starts[depth]
        else:
            counts[depth] = min(counts[depth] + 1, LARGEST_COUNT) if depth in counts else start
        self._begun.add((number, depth))

    @staticmethod
    def _restart(levels: dict[int, Level], depth: int, counts: dict[int, int]) -> None:
        for deeper in [known for known in counts if known > depth]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or depth < restart:
                del counts[deeper]


def numbering_of(root: etree._Element | None, linked: dict[str, str]) -> Numbering:
    """Return the lists of a numbering part.

    linked  the number of the list that each list style stands for
    """
    numbering = Numbering()
    if root is None:
        return numbering
    waiting: dict[str, str] = {}
    for abstract in children(root, "abstractNum"):
        name = value_of(abstract, "abstractNumId", own=True)
        numbering._abstracts[name] = dict(map(_level, children(abstract, "lvl")))
        if style := value_of(abstract, "numStyleLink"):
            waiting[name] = style
    for element in children(root, "num"):
        found = _list(element, numbering._abstracts)
        numbering._lists[value_of(element, "numId", own=True)] = found
    for name, style in waiting.items():
        target = numbering._lists.get(linked.get(style, ""))
        if target and not numbering._abstracts[name]:
            numbering._abstracts[name] = numbering._abstracts.get(target.abstract, {})
    return numbering


def _list(element: etree._Element, abstracts: dict[str, dict[int, Level]]) -> _List:
    abstract = value_of(element, "abstractNumId")
    found = _List(abstract, {}, {})
    for override in children(element, "lvlOverride"):
        depth = number_of(value_of(override, "ilvl", own=True))
        changed = child(override, "lvl")
        if changed is not None:
            found.levels[depth] = _level(changed)[1]
        start = value_of(override, "startOverride")
        if start:
            found.starts[depth] = number_of(start)
            known = found.levels.get(depth) or abstracts.get(abstract, {}).get(depth)
            if known is not None:
                # A restart behind a deeper level counts from here, too.
                found.levels[depth] = replace(known, start=number_of(start))
    return found


def _level(element: etree._Element) -> tuple[int, Level]:
    depth = min(number_of(value_of(element, "ilvl", own=True)), DEEPEST - 1)
    start, restart = value_of(element, "start"), value_of(element, "lvlRestart")
    legal = child(element, "isLgl")
    level = Level(
        start=number_of(start) if start else 0,
        kind=value_of(element, "numFmt") or DECIMAL,
        pattern=value_of(element, "lvlText")[:LONGEST_PATTERN],
        restart=number_of(restart) if restart else None,
        is_legal=is_on(legal),
        style=value_of(element, "pStyle"),
    )
    return depth, level


def _value(place: int, level: Level, levels: dict[int, Level], counts: dict[int, int]) -> str:
    referred = levels.get(place, Level())
    # A level that was skipped counts as begun.
    count = counts.get(place, referred.start)
    is_plain = level.is_legal and referred.kind not in (BULLET, NONE)
    return formatted(count, DECIMAL if is_plain else referred.kind)


def formatted(count: int, kind: str) -> str:
    """Return a count as a list prints it; kinds that are not known are printed in digits."""
    if kind in (BULLET, NONE):
        return ""
    if kind == "decimalZero":
        return f"{count:02}"
    if kind in ("lowerLetter", "upperLetter") and 0 < count <= LARGEST_LETTERS:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in ("lowerRoman", "upperRoman") and 0 < count <= LARGEST_ROMAN:
        return _roman(count) if kind == "lowerRoman" else _roman(count).upper()
    return str(count)


def _roman(count: int) -> str:
    found = ""
    for value, signs in _ROMAN:
        times, count = divmod(count, value)
        found += signs * times
    return found
