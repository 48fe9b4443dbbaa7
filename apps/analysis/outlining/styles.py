"""What a style of Word says of its paragraphs, with what it takes over from others.

source  ECMA-376, part 1, section 17.7 (styles), 17.3.1.20 (outline levels)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from apps.analysis.outlining.elements import (
    attribute,
    child,
    children,
    is_on,
    name_of,
    number_of,
    value_of,
)

BODY_TEXT = 9  # the outline level of what is no heading
DEEPEST_CHAIN = 50
# Word keeps the English name whatever language it speaks; other programs may keep the id only.
_HEADING = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"toc ?(?:[1-9]|heading)|table of (?:figures|authorities)", re.IGNORECASE)


@dataclass(frozen=True)
class Style:
    """A style with all it takes over.

    level    of the heading, 0 for other text
    number   the list that numbers it, "" for none; `depth` its level there, None where not said
    numbered_as  the style that the list is linked to
    """

    level: int = 0
    number: str = ""
    depth: int | None = None
    numbered_as: str = ""
    is_bold: bool = False
    is_italic: bool = False
    is_title: bool = False
    is_contents: bool = False


@dataclass
class Styles:
    """The styles of a document, worked out when they are met."""

    _elements: dict[str, etree._Element] = field(default_factory=dict)
    _known: dict[str, Style] = field(default_factory=dict)
    usual: str = ""

    def of(self, name: str) -> Style:
        """Return the style of an id; plain text where there is none."""
        if name not in self._known:
            self._known[name] = self._worked_out(name)
        return self._known[name]

    def lists(self) -> dict[str, str]:
        """Return the list that each list style stands for."""
        return {
            name: value_of(child(e, "pPr", "numPr"), "numId") for name, e in self._elements.items()
        }

    def _worked_out(self, name: str) -> Style:
        chain = list(self._chain(name))
        number, depth, numbered_as = _numbering(chain)
        names = [_names(element) for _name, element in chain]
        own = names[0] if names else ()
        return Style(
            level=_level(chain),
            number=number,
            depth=depth,
            numbered_as=numbered_as,
            is_bold=_first_switch(chain, "b"),
            is_italic=_first_switch(chain, "i"),
            is_title=any("title" in known for known in names),
            is_contents=any(_CONTENTS.fullmatch(known) for known in own),
        )

    def _chain(self, name: str) -> Iterator[tuple[str, etree._Element]]:
        seen: set[str] = set()
        while name in self._elements and name not in seen and len(seen) < DEEPEST_CHAIN:
            seen.add(name)
            yield name, self._elements[name]
            name = value_of(self._elements[name], "basedOn")


Chain = list[tuple[str, etree._Element]]


def styles_of(root: etree._Element | None) -> Styles:
    """Return the styles of a part."""
    styles = Styles()
    for element in children(root, "style") if root is not None else ():
        name = attribute(element, "styleId")
        styles._elements.setdefault(name, element)
        is_usual = attribute(element, "default").lower() in ("1", "true", "on")
        if is_usual and attribute(element, "type") == "paragraph":
            styles.usual = name
    return styles


def outline_level(properties: etree._Element | None) -> int | None:
    """Return the level that properties of a paragraph give it as a heading; None if they do not."""
    value = value_of(properties, "outlineLvl")
    if not value:
        return None
    level = number_of(value)
    return level + 1 if level < BODY_TEXT else 0


def _names(element: etree._Element) -> tuple[str, str]:
    return value_of(element, "name").lower(), attribute(element, "styleId").lower()


def _level(chain: Chain) -> int:
    for _name, element in chain:
        level = outline_level(child(element, "pPr"))
        if level is not None:
            return level
        for name in _names(element):
            if found := _HEADING.fullmatch(name):
                return int(found.group(1))
    return 0


def _numbering(chain: Chain) -> tuple[str, int | None, str]:
    number, depth, numbered_as = "", None, ""
    for name, element in chain:
        properties = child(element, "pPr", "numPr")
        said = value_of(properties, "ilvl")
        if depth is None and said:
            depth = number_of(said)
        number = value_of(properties, "numId")
        numbered_as = numbered_as or (name if properties is not None else "")
        if number:
            break
    return number, depth, numbered_as


def _first_switch(chain: Chain, switch: str) -> bool:
    for _name, element in chain:
        properties = child(element, "rPr")
        found = child(properties, switch)
        if found is not None:
            return is_on(found)
    return False


def switched(properties: etree._Element | None, switch: str) -> bool | None:
    """Return whether properties of a run turn something on or off; None if they do neither."""
    if properties is None:
        return None
    found = next((element for element in properties if name_of(element) == switch), None)
    return None if found is None else is_on(found)
