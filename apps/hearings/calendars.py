"""A hearing as calendars hold it: when, where, with its agenda, and whether it was cancelled."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.consultations.sections import Appointment
from apps.hearings.models import AgendaItem, Hearing


def appointment_of(hearing: Hearing, items: Iterable[AgendaItem]) -> Appointment:
    """Return a hearing as an entry of a calendar; a later version has a higher sequence."""
    return Appointment(
        uid=f"hearing-{hearing.uid}",
        starts_at=hearing.starts_at,
        ends_at=hearing.ends_at,
        title=f"{_('Hearing')}: {hearing.title}",
        url=hearing.get_absolute_url(),
        changed_at=hearing.changed_at,
        text=_told(hearing, items),
        place=hearing.place or hearing.online,
        sequence=hearing.sequence,
        is_cancelled=hearing.is_cancelled,
    )


def _told(hearing: Hearing, items: Iterable[AgendaItem]) -> str:
    lines = [hearing.consultation.title]
    if hearing.is_cancelled:
        lines.append(_("Cancelled: %(reason)s") % {"reason": hearing.reason})
    if hearing.online:
        lines.append(_("Online: %(address)s") % {"address": hearing.online})
    lines += [f"{number}. {one.title}" for number, one in enumerate(items, 1)]
    return "\n".join(lines)
