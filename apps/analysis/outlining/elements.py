"""Reads elements and values of Word's XML by their names, in either of its namespaces."""

from collections.abc import Iterator

from lxml import etree

LARGEST_NUMBER = 32_767


def name_of(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of a name."""
    return (found for found in element if name_of(found) == name)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first element on a path of names; None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute by its name without the namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def value_of(element: etree._Element | None, name: str, *, own: bool = False) -> str:
    """Return the value of a child, or an attribute of the element's own; "" where there is none."""
    if own:
        return attribute(element, name) if element is not None else ""
    found = child(element, name)
    return attribute(found, "val") if found is not None else ""


def number_of(value: str) -> int:
    """Return a count as Word bounds it; 0 for what is none."""
    value = value[:10]
    return min(int(value), LARGEST_NUMBER) if value.isascii() and value.isdigit() else 0


def is_on(switch: etree._Element | None) -> bool:
    """Return whether an element that turns something on is there and not turned off."""
    return switch is not None and attribute(switch, "val").lower() not in (
        "0",
        "false",
        "off",
        "none",
    )
