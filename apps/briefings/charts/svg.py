"""How a chart is put together: escaped elements, group marks, hatching, and a described frame."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.briefings.content import Group, Shape, State
from apps.core.display import display_text

Box = tuple[float, float, float, float]

# The shapes of the screens, drawn on 16 by 16; the class carries the colour.
MARKS: dict[Shape, tuple[str, str, float]] = {
    "square": ("g-policymaker", "M1.5 1.5h13v13h-13z", 0),
    "disc": ("g-civil", "M8 1a7 7 0 0 1 0 14a7 7 0 0 1 0-14z", 0),
    "diamond": ("g-company", "M8 0l8 8-8 8-8-8z", 0),
    "triangle-down": ("g-association", "M.5 2h15L8 15.2z", 0),
    "triangle-up": ("g-research", "M.5 14h15L8 .8z", 0),
    "plus": ("g-union", "M5.5 1h5v4.5h4.5v5h-4.5V15h-5v-4.5H1v-5h4.5z", 0),
    "ring": ("g-individual", "M8 2.5a5.5 5.5 0 0 1 0 11a5.5 5.5 0 0 1 0-11z", 3),
    "cross": ("g-other", "M2.5 2.5l11 11m0-11l-11 11", 3.6),
}


def element(name: str, *children: object, **attributes: object) -> SafeString:
    """Return one element; children and attribute values are escaped unless they are elements.

    An attribute name loses a trailing underscore, and "__" stands for a hyphen; None leaves it out.
    """
    given = (
        (key.rstrip("_").replace("__", "-"), _shown(value))
        for key, value in attributes.items()
        if value is not None
    )
    inner = format_html_join("", "{}", ((child,) for child in children))
    return format_html("<{0}{1}>{2}</{0}>", name, format_html_join("", ' {}="{}"', given), inner)


def _shown(value: object) -> object:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


def join(elements: Iterable[SafeString]) -> SafeString:
    """Return elements one after the other."""
    return format_html_join("", "{}", ((one,) for one in elements))


def label(words: object, *, x: float, y: float, kind: str = "", anchor: str = "") -> SafeString:
    """Return a text label; it may hold anything somebody wrote."""
    return element(
        "text",
        display_text(str(words)),
        class_=kind or None,
        x=float(x),
        y=float(y),
        text__anchor=anchor or None,
    )


def group_class(group: Group) -> str:
    """Return the class that carries the colour of a group."""
    return MARKS[group.shape][0]


def mark(group: Group, *, x: float, y: float, size: float = 14) -> SafeString:
    """Return the shape of a group with its upper left corner at (x, y)."""
    kind, path, stroke = MARKS[group.shape]
    return element(
        "path",
        class_=kind,
        d=path,
        fill="none" if stroke else "currentColor",
        stroke="currentColor" if stroke else None,
        stroke__width=float(stroke) if stroke else None,
        transform=f"translate({x:.1f} {y:.1f}) scale({size / 16:.3f})",
    )


@dataclass(frozen=True)
class Paint:
    """One colour as attributes: `solid` fills a shape, `line` draws its edge."""

    solid: dict[str, str]
    line: dict[str, str]


ACTION = Paint({"class_": "fill-action"}, {"class_": "line-action"})


def group_paint(group: Group) -> Paint:
    """Return the colour of a group."""
    kind = group_class(group)
    return Paint(
        {"class_": kind, "fill": "currentColor"},
        {"class_": kind, "fill": "none", "stroke": "currentColor"},
    )


def hatch(name: str, paint: Paint) -> SafeString:
    """Return a pattern of slanted lines in one colour; campaign letters wear it."""
    ground = element("path", class_="fill-panel", d="M0 0h5v5H0z")
    line = element("path", d="M0 0h2v5H0z", **paint.solid)
    return element(
        "pattern",
        ground,
        line,
        id=name,
        width="5",
        height="5",
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def segment(state: State, box: Box, *, paint: Paint, hatching: str) -> SafeString:
    """Return a part of a bar: own text solid, letters hatched, unread outlined, empty dotted."""
    x, y, width, height = box
    place = {"x": x, "y": y, "width": max(width - 1.0, 0.8), "height": height}
    if state == "own":
        return element("rect", **place, **paint.solid)
    edge = element(
        "rect", **place, **paint.line, stroke__dasharray="2 2" if state == "empty" else None
    )
    if state != "campaign":
        return edge
    return join([element("rect", fill=f"url(#{hatching})", **place), edge])


def frame(
    name: str, *children: object, title: str, description: str, size: tuple[float, float]
) -> SafeString:
    """Return a whole chart named for assistive technology; `name` makes its ids unique."""
    width, height = size
    return element(
        "svg",
        element("title", display_text(title), id=f"{name}-t"),
        element("desc", display_text(description), id=f"{name}-d"),
        *children,
        class_="chart chart-compact" if width <= 480 else "chart",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        role="img",
        aria__labelledby=f"{name}-t {name}-d",
    )
