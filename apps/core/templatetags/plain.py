"""How plain words, instants and addresses are put on a page."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import template
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from apps.core.display import display_text

register = template.Library()


@register.filter
def shown(text: object) -> str:
    """Return somebody's words with every hidden character made visible; escaped by the page."""
    return display_text(str(text))


@register.filter
def instant(moment: datetime | None) -> str:
    """Return a date in full with its time: 4 December 2026, 23:59 UTC."""
    return f"{day(moment)}, {moment.astimezone(UTC):%H:%M} UTC" if moment else ""


@register.filter
def clock(moment: datetime | None) -> str:
    """Return the time of day of an instant: 23:59 UTC."""
    return f"{moment.astimezone(UTC):%H:%M} UTC" if moment else ""


@register.filter
def day(moment: datetime | None) -> str:
    """Return a date in full: 4 December 2026."""
    return date_format(timezone.localtime(moment), "j F Y") if moment else ""


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


@register.filter
def language_name(tag: str) -> str:
    """Return the name of a language, or the tag as it is where none is known."""
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return display_text(tag)


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
