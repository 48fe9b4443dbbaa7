"""Seats those who were heard in the room: eight equal benches in a half circle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, cos, floor, pi, sin

from django.utils.translation import ngettext

from apps.accounts.groups import StakeholderGroup

WIDTH, HEIGHT = 720, 372
CENTRE_X, CENTRE_Y = 360.0, 356.0
INNER, OUTER = 95.0, 343.0
GAP = 0.02  # radians between two benches
# From one seat to the next, and how many a bench holds then: few marks are drawn larger.
SEATINGS = ((26.0, 23), (21.5, 35), (18.0, 50))
MOST_SEATS = 50
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000)

Place = tuple[float, float]


@dataclass(frozen=True)
class Bench:
    """One group's bench: its outline, a place for each mark, a place for its number."""

    group: str
    size: int
    outline: str
    seats: tuple[Place, ...]
    mark: float
    number_at: Place


def per_mark(sizes: Mapping[str, int]) -> int:
    """Return how many submissions one mark stands for, so that the fullest bench still fits."""
    most = max(sizes.values(), default=0)
    return next(step for step in STEPS if most <= step * MOST_SEATS or step == STEPS[-1])


def scale_in_words(sizes: Mapping[str, int]) -> str:
    """Return what one mark stands for, as a sentence."""
    step = per_mark(sizes)
    return ngettext(
        "Each mark is one submission.", "Each mark stands for up to %(n)d submissions.", step
    ) % {"n": step}


def benches(
    sizes: Mapping[str, int], groups: Sequence[str] = StakeholderGroup.values
) -> list[Bench]:
    """Return a bench for every stakeholder group, all of the same size, in the order given."""
    step = per_mark(sizes)
    marks = {group: ceil(sizes.get(group, 0) / step) for group in groups}
    most = max(marks.values(), default=0)
    seat = next(seat for seat, holds in SEATINGS if most <= holds or holds == MOST_SEATS)
    angle = pi / max(len(marks), 1)
    return [
        _bench(group, sizes.get(group, 0), _Row(marks[group], seat, _span(number, angle)))
        for number, group in enumerate(marks)
    ]


@dataclass(frozen=True)
class _Row:
    marks: int
    seat: float
    span: Place


def _span(number: int, angle: float) -> Place:
    return pi - number * angle - GAP, pi - (number + 1) * angle + GAP


@lru_cache(maxsize=512)
def _bench(group: str, size: int, row: _Row) -> Bench:
    start, end = row.span
    outline = (
        f"M{_at(INNER, start)}L{_at(OUTER, start)}A{OUTER:.0f} {OUTER:.0f} 0 0 1 {_at(OUTER, end)}"
        f"L{_at(INNER, end)}A{INNER:.0f} {INNER:.0f} 0 0 0 {_at(INNER, start)}z"
    )
    number_at = _point(INNER - 20, (start + end) / 2)
    return Bench(group, size, outline, _seats(row), row.seat * 0.6, number_at)


def _seats(row: _Row) -> tuple[Place, ...]:
    """Return a place for each mark, from the front of the bench to its back."""
    start, end = row.span
    places: list[Place] = []
    radius = INNER + row.seat
    while len(places) < row.marks and radius < OUTER:
        room = max(floor((start - end) * radius / row.seat), 1)
        edge = (start - end - (room - 1) * row.seat / radius) / 2
        places += [_point(radius, start - edge - n * row.seat / radius) for n in range(room)]
        radius += row.seat
    return tuple(places[: row.marks])


def _point(radius: float, angle: float) -> Place:
    return CENTRE_X + radius * cos(angle), CENTRE_Y - radius * sin(angle)


def _at(radius: float, angle: float) -> str:
    x, y = _point(radius, angle)
    return f"{x:.1f} {y:.1f}"
