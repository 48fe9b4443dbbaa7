"""How plain words, instants and addresses are put on a page."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.dates import day_in_words, window_in_words
from apps.core.display import display_text
from apps.core.languages import language_name

register = template.Library()
# The shape of a language tag (BCP 47); a language sent over the API can be any short text.
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@register.filter
def shown(text: object) -> str:
    """Return somebody's words with every hidden character made visible; escaped by the page."""
    return display_text(str(text))


@register.filter
def isolated(text: object) -> SafeString:
    """Return somebody's words for the middle of a sentence, which keep their own direction."""
    return format_html("<bdi>{}</bdi>", shown(text))


@register.filter
def language_tag(code: object) -> str:
    """Return a language as pages name it to screen readers, "" (unknown) for what is no tag."""
    return str(code) if _TAG.fullmatch(str(code)) else ""


@register.filter
def instant(moment: datetime | None) -> str:
    """Return a date in full with its time: 4 December 2026, 23:59 UTC."""
    return f"{day(moment)}, {moment.astimezone(UTC):%H:%M} UTC" if moment else ""


@register.filter
def instant_in(moment: datetime | None, zone: str) -> str:
    """Return a date in full with its time in a zone: 4 December 2026, 23:59 CET (22:59 UTC)."""
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(zone))
    shown = f"{day_in_words(local)}, {local:%H:%M %Z}"
    return shown if zone == "UTC" else f"{shown} ({clock(moment)})"


@register.filter
def day_in(moment: datetime | None, zone: str) -> str:
    """Return the date in full that a calendar in a zone shows: 4 December 2026."""
    return day_in_words(moment.astimezone(ZoneInfo(zone))) if moment else ""


@register.simple_tag
def window(starts: datetime | None, ends: datetime | None, zone: str) -> str:
    """Return from when to when, as calendars in a zone show it; the times where it is one day."""
    return window_in_words(starts, ends, ZoneInfo(zone)) if starts else ""


@register.filter
def clock(moment: datetime | None) -> str:
    """Return the time of day of an instant: 23:59 UTC."""
    return f"{moment.astimezone(UTC):%H:%M} UTC" if moment else ""


@register.filter
def day(moment: date | None) -> str:
    """Return a date, or that of an instant, in full: 4 December 2026."""
    if moment is None:
        return ""
    return day_in_words(timezone.localtime(moment) if isinstance(moment, datetime) else moment)


@register.filter(is_safe=True)
def unbroken(text: str) -> str:
    """Return a text in which the sign of per cent stays with its figure on one line."""
    return re.sub(r"(?<=\d) %", "\u00a0%", text)


@register.filter
def time_left(moment: datetime | None) -> str:
    """Return the time until an instant in words: "11 days left", "3 hours left"."""
    if moment is None:
        return ""
    left = moment - timezone.now()
    if left <= timedelta(0):
        return _("over")
    if left.days:
        return ngettext("%(n)d day left", "%(n)d days left", left.days) % {"n": left.days}
    if hours := left.seconds // 3600:
        return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}
    minutes = max(left.seconds // 60, 1)
    return ngettext("%(n)d minute left", "%(n)d minutes left", minutes) % {"n": minutes}


register.filter(language_name)


@register.simple_tag
def query(parameters: QueryDict, **changes: Any) -> str:
    """Return the query of an address with some parameters replaced; an empty value drops one."""
    changed = parameters.copy()
    for name, value in changes.items():
        if value in ("", None):
            changed.pop(name, None)
        else:
            changed[name] = value
    return f"?{changed.urlencode()}" if changed else "?"
