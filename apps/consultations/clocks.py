"""Turns what a person reads off a clock in the organiser's time zone into an instant, and back."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

FORM = "%Y-%m-%dT%H:%M"  # as browsers send a date with its time


class NoSuchTime(DomainError):
    """No clock in the zone ever shows this."""

    code = "no_such_time"
    status = 422


def instant_of(shown: str, zone: ZoneInfo, *, is_end: bool = False) -> datetime:
    """Return the instant at which clocks in a zone show a time such as "2026-10-25T02:30".

    is_end  of an hour that comes twice, when clocks go back, the later one is meant: nobody who
            was promised this time to close loses an hour; of a beginning the earlier one

    raises  NoSuchTime for what is no date with a time, and for an hour that clocks skip
    """
    try:
        local = datetime.strptime(shown.strip()[:16], FORM)  # noqa: DTZ007 - the zone follows
        meant = local.replace(tzinfo=zone, fold=int(is_end)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NoSuchTime(_("Give a date and a time, for example 2026-12-04T23:59.")) from error
    if meant.astimezone(zone).replace(tzinfo=None) != local:
        told = _("Clocks in %(zone)s never show this time: they go forward then. Choose another.")
        raise NoSuchTime(told % {"zone": zone.key})
    return meant


def instant_or_kept(
    shown: str, kept: datetime | None, zone: ZoneInfo, *, is_end: bool = False
) -> datetime:
    """Return the instant meant; what was not touched keeps its seconds, and which 2:30 it was.

    raises  NoSuchTime
    """
    if kept and shown == shown_at(kept, zone):
        return kept
    return instant_of(shown, zone, is_end=is_end)


def comes_twice(instant: datetime, zone: ZoneInfo) -> bool:
    """Return whether clocks in a zone go back so that they show this instant's time twice."""
    local = instant.astimezone(zone)
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def shown_at(instant: datetime | None, zone: ZoneInfo) -> str:
    """Return what clocks in a zone show at an instant, as a form field takes it; "" for None."""
    return instant.astimezone(zone).strftime(FORM) if instant else ""


def clock_in(zone: ZoneInfo) -> str:
    """Return what clocks in a zone show now, "03:35": a template would turn an instant back."""
    return f"{timezone.now().astimezone(zone):%H:%M}"
