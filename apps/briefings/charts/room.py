"""The room: eight equal benches in a half circle, so that no group is drowned by another."""

from math import ceil, cos, floor, pi, sin

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.briefings.charts.svg import element, frame, join, label, mark
from apps.briefings.content import BriefingContent, Group

CENTRE_X, CENTRE_Y = 360.0, 356.0
INNER, OUTER = 95.0, 343.0
GAP = 0.02  # radians between two benches
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000)
SEATS = 60  # what a bench holds before the marks touch


def heard_room(content: BriefingContent, prefix: str = "") -> SafeString:
    """Return the half circle: one mark per author, or per so many authors where there are more."""
    name = f"{prefix}heard-room"
    sizes = {row.group: row.submissions for row in content.coverage}
    most = max(sizes.values(), default=0)
    per_mark = next(step for step in STEPS if most <= step * SEATS or step == STEPS[-1])
    angle = pi / max(len(content.groups), 1)
    benches = [
        _bench(group, sizes.get(group.id, 0), per_mark=per_mark, span=_span(place, angle))
        for place, group in enumerate(content.groups)
    ]
    values = "; ".join(f"{group.name} {sizes.get(group.id, 0)}" for group in content.groups)
    scale = (
        _("Each mark is one submission.")
        if per_mark == 1
        else _("Each mark stands for up to %(n)s submissions.") % {"n": per_mark}
    )
    return frame(
        name,
        *benches,
        title=_("Who was heard, each stakeholder group on a bench of the same size"),
        description=f"{scale} {values}.",
        size=(720, 372),
    )


def _span(place: int, angle: float) -> tuple[float, float]:
    return pi - place * angle - GAP, pi - (place + 1) * angle + GAP


def _bench(group: Group, size: int, *, per_mark: int, span: tuple[float, float]) -> SafeString:
    start, end = span
    path = (
        f"M{_at(INNER, start)}L{_at(OUTER, start)}A{OUTER:.0f} {OUTER:.0f} 0 0 1 {_at(OUTER, end)}"
        f"L{_at(INNER, end)}A{INNER:.0f} {INNER:.0f} 0 0 0 {_at(INNER, start)}z"
    )
    x, y = _point(INNER - 20, (start + end) / 2)
    marks = [
        mark(group, x=seat_x - 5.3, y=seat_y - 5.3, size=10.6)
        for seat_x, seat_y in _seats(ceil(size / per_mark), span)
    ]
    return join(
        [
            element("path", class_="bench", d=path),
            *marks,
            label(size, x=x, y=y + 5, kind="strong fine", anchor="middle"),
        ]
    )


def _seats(n: int, span: tuple[float, float]) -> list[tuple[float, float]]:
    """Return n places on a bench, from the front row to the back."""
    start, end = span
    places: list[tuple[float, float]] = []
    radius = INNER + 20
    while len(places) < n and radius < OUTER:
        room = floor((start - end) * radius / 18)
        edge = (start - end - (room - 1) * 18 / radius) / 2
        row = [start - edge - seat * 18 / radius for seat in range(max(room, 1))]
        places += [_point(radius, one) for one in row]
        radius += 18
    return places[:n]


def _point(radius: float, angle: float) -> tuple[float, float]:
    return CENTRE_X + radius * cos(angle), CENTRE_Y - radius * sin(angle)


def _at(radius: float, angle: float) -> str:
    x, y = _point(radius, angle)
    return f"{x:.1f} {y:.1f}"
