"""Dates as other tools and people write them, put as they are read here: 2026-11-23."""

import re
from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils import dates, translation

DOTTED = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})(.*)", re.DOTALL)
SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(.*)", re.DOTALL)
WEEKDAY = r"(?:[^\W\d]{2,12}\.?,\s+)?"
# "23 November 2026", "23. Nov. 2026", "1er mars 2026", "23 de noviembre de 2026", "23-Nov-2026"
DAY_NAMED = re.compile(
    WEEKDAY + r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º)?[\s-]+(?:de\s+|of\s+)?"
    r"(?P<month>[^\W\d]{3,12})\.?,?(?:\s+de)?[\s-]+(?P<year>\d{4})(?P<time>.*)",
    re.DOTALL | re.IGNORECASE,
)
# "November 23, 2026", "Nov. 23rd 2026"
MONTH_NAMED = re.compile(
    WEEKDAY + r"(?P<month>[^\W\d]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    r"(?P<year>\d{4})(?P<time>.*)",
    re.DOTALL | re.IGNORECASE,
)


def in_numbers(value: str) -> str:
    """Return a date with year, month and day in numbers, what is none as it stands.

    Months may be named in any language of the interface. What follows the date, a time, follows it.
    Two numbers between slashes stay: somebody has to say which is the day.
    """
    if found := SLASHED.fullmatch(value):
        return f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}{found[4]}"
    if found := DOTTED.fullmatch(value):
        return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}{found[4]}"
    if named := DAY_NAMED.fullmatch(value) or MONTH_NAMED.fullmatch(value):
        month = _months().get(named["month"].casefold())
        return f"{named['year']}-{month:02}-{named['day']:0>2}{named['time']}" if month else value
    return value


@cache
def _months() -> Mapping[str, int]:
    """Return the number of each month by its names, short ones too, in every language."""
    numbers: dict[str, int] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for named in (dates.MONTHS, dates.MONTHS_3, dates.MONTHS_AP):
                numbers |= {str(name).casefold().rstrip("."): n for n, name in named.items()}
    return numbers
