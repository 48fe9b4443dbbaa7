"""A stretch of time is told by its days, and one within a day by its hours."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from apps.core.dates import window_in_words

OPENS = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("closes", "zone", "told"),
    [
        (None, "UTC", "From 27 November 2026"),
        (datetime(2026, 12, 4, tzinfo=UTC), "UTC", "27 November 2026 to 4 December 2026"),
        (
            datetime(2026, 11, 27, 16, 30, tzinfo=UTC),
            "Europe/Paris",
            "On 27 November 2026, 09:00 to 17:30 CET",
        ),
        # One day in Greenwich, two on the organiser's calendar.
        (
            datetime(2026, 11, 27, 16, 30, tzinfo=UTC),
            "Asia/Tokyo",
            "27 November 2026 to 28 November 2026",
        ),
    ],
)
def test_a_window_is_told_as_the_calendar_of_its_zone_shows_it(closes, zone, told):
    assert window_in_words(OPENS, closes, ZoneInfo(zone)) == told


def test_a_day_on_which_clocks_change_names_both():
    begins, ends = (datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in (0, 9))
    told = window_in_words(begins, ends, ZoneInfo("Europe/Paris"))
    assert told == "On 25 October 2026, 02:00 CEST to 10:00 CET"
