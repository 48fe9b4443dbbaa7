"""Where groups stand, drawn: stances by group, and the share of each group that raises a theme."""

from collections.abc import Callable, Iterable

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.briefings.charts.svg import (
    Box,
    Paint,
    element,
    frame,
    group_paint,
    hatch,
    join,
    label,
    mark,
)
from apps.briefings.content import BriefingContent, Cell, Group, PositionCell, Stances
from apps.briefings.wording import stance_name

LABEL_WIDTH, ROW = 176.0, 46.0
STANCE_CLASSES = {
    "support": "s-support",
    "support with changes": "s-changes",
    "neutral": "s-neutral",
    "oppose": "s-oppose",
    "cannot say": "s-cannot",
}
Painter = Callable[[Group, Cell | PositionCell, Box], SafeString]


def position_matrix(content: BriefingContent, prefix: str = "") -> SafeString:
    """Return the stances of each group: on what was asked, or else on the themes as coded.

    Every bar has full width, so that a small group is as visible as a large one; the figure under
    it counts the answers. A cell that is withheld says "under 5".
    """
    name = f"{prefix}position-matrix"
    rows = _rows(content)
    hatching = f"{name}-changes"

    def paint(group: Group, cell: Cell | PositionCell, box: Box) -> SafeString:
        return _stances(cell.stances, box, order=content.stances, hatching=hatching)

    words = [
        f"{title}: " + "; ".join(_stance_words(content, group, cell) for group, cell in cells)
        for title, cells in rows
    ]
    tint = Paint({"class_": "s-changes", "fill": "currentColor"}, {})
    return frame(
        name,
        element("defs", hatch(hatching, tint)),
        *_grid(content, rows, paint, count=_stated, none="–"),
        title=_("Positions by stakeholder group"),
        description=". ".join(words) or _("No position was stated."),
        size=(720, 40 + ROW * len(rows)),
    )


def themes_by_group(content: BriefingContent, prefix: str = "") -> SafeString:
    """Return, per theme and group, the share of the group's own texts that raise the theme."""
    name = f"{prefix}themes-by-group"
    own = {row.group: row.own for row in content.coverage}
    rows = _theme_rows(content)

    def paint(group: Group, cell: Cell | PositionCell, box: Box) -> SafeString:
        x, y, width, height = box
        raised = cell.raised if isinstance(cell, Cell) else 0
        part = width * raised / max(own.get(group.id, 0), raised, 1)
        look = group_paint(group)
        ground = element("rect", class_="vacant", x=x, y=y, width=width, height=height)
        share = element("rect", x=x, y=y, width=part, height=height, **look.solid)
        return join([ground, share])

    words = [
        f"{title}: " + "; ".join(_raised_words(group, cell, own) for group, cell in cells)
        for title, cells in rows
    ]
    return frame(
        name,
        *_grid(content, rows, paint, count=lambda cell: getattr(cell, "raised", 0), none="0"),
        title=_("Texts of each stakeholder group that raise each theme"),
        description=". ".join(words) or _("No theme was found."),
        size=(720, 40 + ROW * len(rows)),
    )


def stance_bar(stances: Stances, name: str, *, order: Iterable[str]) -> SafeString:
    """Return the small bar of one group; its title says the same in words."""
    words = counts_in_words(stances, order) or _("no answer")
    tint = Paint({"class_": "s-changes", "fill": "currentColor"}, {})
    return element(
        "svg",
        element("title", words, id=f"{name}-t"),
        element("defs", hatch(f"{name}-p", tint)),
        _stances(stances, (0, 0, 100, 100), order=order, hatching=f"{name}-p", unit="%"),
        class_="chart bar bar-tall",
        role="img",
        aria__labelledby=f"{name}-t",
    )


Row = tuple[str, list[tuple[Group, Cell | PositionCell | None]]]


def _rows(content: BriefingContent) -> list[Row]:
    if not content.positions:
        return _theme_rows(content)
    rows: list[Row] = []
    for row in content.positions:
        cells = {cell.group: cell for cell in row.cells}
        title = f"{row.label} {row.title}".strip()
        rows.append((title, [(group, cells.get(group.id)) for group in content.groups]))
    return rows


def _theme_rows(content: BriefingContent) -> list[Row]:
    cells = {(cell.theme, cell.group): cell for cell in content.matrix}
    return [
        (theme.title, [(group, cells.get((theme.id, group.id))) for group in content.groups])
        for theme in content.themes
    ]


def _grid(
    content: BriefingContent,
    rows: list[Row],
    paint: Painter,
    *,
    count: Callable[[Cell | PositionCell], int | None],
    none: str,
) -> list[SafeString]:
    width = (720 - LABEL_WIDTH) / max(len(content.groups), 1)
    drawn = [
        mark(group, x=LABEL_WIDTH + place * width + width / 2 - 9, y=4, size=18)
        for place, group in enumerate(content.groups)
    ]
    for number, (title, cells) in enumerate(rows):
        y = 34 + number * ROW
        drawn.append(element("path", class_="rule", d=f"M0 {y:.0f}H720"))
        drawn.extend(_row_label(title, y))
        for place, (group, cell) in enumerate(cells):
            x = LABEL_WIDTH + place * width
            middle = x + width / 2
            n = count(cell) if cell else 0
            if cell and n:
                drawn.append(paint(group, cell, (x + 4, y + 8, width - 8, 14.0)))
                drawn.append(label(n, x=middle, y=y + 40, kind="soft fine", anchor="middle"))
                continue
            empty = none if cell else "–"
            said = _("under 5") if n is None else empty
            drawn.append(label(said, x=middle, y=y + 28, kind="soft", anchor="middle"))
    return drawn


def _stated(cell: Cell | PositionCell) -> int | None:
    """Return how many stances a cell holds; None where they are withheld."""
    return None if cell.suppressed else sum(cell.stances.values())


def _row_label(title: str, y: float) -> list[SafeString]:
    words, lines = title.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 20 and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], lines[1][:18] + "…"]
    return [
        label(line if len(line) < 21 else line[:19] + "…", x=0, y=y + 20 + 18 * place)
        for place, line in enumerate(lines)
    ]


def _stances(
    stances: Stances, box: Box, *, order: Iterable[str], hatching: str, unit: str = ""
) -> SafeString:
    x, y, width, height = box
    total = sum(stances.values()) or 1
    drawn = []
    for stance in order:
        part = width * stances.get(stance, 0) / total
        if part:
            inside = (x, y, max(part - 1.0, 0.8), height)
            drawn.append(_stance(stance, inside, hatching, unit))
        x += part
    return join(drawn)


def _stance(stance: str, box: Box, hatching: str, unit: str) -> SafeString:
    kind = STANCE_CLASSES.get(stance, "s-cannot")
    x, y, width, height = box
    if kind == "s-neutral":
        y, height = y + 0.35 * height, 0.3 * height
    values = {"x": x, "y": y, "width": width, "height": height}
    place = {name: f"{value:.1f}{unit}" for name, value in values.items()}
    looks = {
        "s-changes": {"fill": f"url(#{hatching})", "stroke": "currentColor"},
        "s-cannot": {"fill": "none", "stroke": "currentColor", "stroke__dasharray": "2 2"},
    }
    return element("rect", class_=kind, **place, **looks.get(kind, {"fill": "currentColor"}))


def counts_in_words(stances: Stances, order: Iterable[str]) -> str:
    """Return "7 support, 2 oppose" for what was counted, or nothing."""
    return ", ".join(f"{stances[one]} {stance_name(one)}" for one in order if stances.get(one))


def _stance_words(content: BriefingContent, group: Group, cell: Cell | PositionCell | None) -> str:
    if cell is None:
        said = "–"
    elif cell.suppressed:
        said = _("under 5")
    else:
        said = counts_in_words(cell.stances, content.stances) or "–"
    return f"{group.name} {said}"


def _raised_words(group: Group, cell: Cell | PositionCell | None, own: dict[str, int]) -> str:
    if cell is None:
        return f"{group.name} –"
    values = {"n": getattr(cell, "raised", 0), "all": own.get(group.id, 0)}
    return f"{group.name} " + _("%(n)s of %(all)s") % values


def share_bar(group: Group, part: int, whole: int, *, name: str) -> SafeString:
    """Return the small bar of a share; its title says the same in words."""
    words = _("%(n)s of %(all)s") % {"n": part, "all": whole}
    width = 100.0 * part / max(whole, part, 1)
    return element(
        "svg",
        element("title", words, id=f"{name}-t"),
        element("rect", class_="vacant", width="100%", height="100%"),
        element("rect", width=f"{width:.1f}%", height="100%", **group_paint(group).solid),
        class_="chart bar bar-tall",
        role="img",
        aria__labelledby=f"{name}-t",
    )
