"""The room: eight equal benches in a half circle, so that no group is drowned by another."""

from collections.abc import Mapping

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.briefings.charts.svg import element, frame, join, label, mark
from apps.briefings.content import BriefingContent, Group
from apps.submissions import seating


def heard_room(content: BriefingContent, prefix: str = "") -> SafeString:
    """Return the half circle: one mark per author, or per so many authors where there are more."""
    sizes, groups = _sizes(content), {group.id: group for group in content.groups}
    values = "; ".join(f"{group.name} {sizes.get(group.id, 0)}" for group in content.groups)
    return frame(
        f"{prefix}heard-room",
        *(_drawn(groups[bench.group], bench) for bench in seating.benches(sizes, list(groups))),
        title=_("Who was heard, each stakeholder group on a bench of the same size"),
        description=f"{room_scale(content)} {values}.",
        size=(seating.WIDTH, seating.HEIGHT),
    )


def room_scale(content: BriefingContent) -> str:
    """Return how many submissions a mark in the room stands for."""
    return seating.scale_in_words(_sizes(content))


def _sizes(content: BriefingContent) -> Mapping[str, int]:
    return {row.group: row.submissions for row in content.coverage}


def _drawn(group: Group, bench: seating.Bench) -> SafeString:
    half = bench.mark / 2
    x, y = bench.number_at
    marks = [mark(group, x=left - half, y=top - half, size=bench.mark) for left, top in bench.seats]
    return join(
        [
            element("path", class_="bench", d=bench.outline),
            *marks,
            label(bench.size, x=x, y=y + 5, kind="strong fine", anchor="middle"),
        ]
    )
