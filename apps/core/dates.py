"""How days and stretches of time are written: in the language of the reader."""

from datetime import date, datetime, tzinfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def day_in_words(on: date) -> str:
    """Return a day in full: 26 November 2026, 26 de noviembre de 2026."""
    return date_format(
        on, pgettext("a day in full, in the letters of Django's date filter", "j F Y")
    )


def window_in_words(starts: datetime, ends: datetime | None, zone: tzinfo) -> str:
    """Return from when to when: the days that a calendar in a zone shows, of one day the times.

    ends  None where it stays open
    """
    begin = starts.astimezone(zone)
    if ends is None:
        return _("From %(from)s") % {"from": day_in_words(begin)}
    end = ends.astimezone(zone)
    if begin.date() != end.date():
        return _("%(from)s to %(to)s") % {"from": day_in_words(begin), "to": day_in_words(end)}
    is_same_clock = begin.utcoffset() == end.utcoffset()
    return _("On %(day)s, %(from)s to %(to)s") % {
        "day": day_in_words(begin),
        "from": f"{begin:%H:%M}" if is_same_clock else f"{begin:%H:%M %Z}",
        "to": f"{end:%H:%M %Z}",
    }
