"""The pictures of a briefing as SVG: pure functions from content to a string that is safe to show.

Colours are classes of the site's style sheet, never inline styles. Every picture has a title and a
description with its values, and ids that start with the given prefix, so that one page can hold
the same picture twice.
"""

from apps.briefings.charts.heard import (
    campaign_share,
    heard_by_group,
    heard_over_time,
)
from apps.briefings.charts.positions import (
    STANCE_CLASSES,
    counts_in_words,
    position_matrix,
    share_bar,
    stance_bar,
    themes_by_group,
)
from apps.briefings.charts.room import heard_room, room_scale
from apps.briefings.charts.standalone import chart_words, standalone_svg
from apps.briefings.charts.svg import group_class

__all__ = [
    "STANCE_CLASSES",
    "chart_words",
    "campaign_share",
    "counts_in_words",
    "group_class",
    "heard_by_group",
    "heard_over_time",
    "heard_room",
    "room_scale",
    "position_matrix",
    "share_bar",
    "stance_bar",
    "standalone_svg",
    "themes_by_group",
]
