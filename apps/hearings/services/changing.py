"""What every change of a hearing has in common: who may, one at a time, what calendars learn."""

from collections import defaultdict
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.consultations.services.editing import Problems, editable
from apps.core.forms import whole_number
from apps.hearings.errors import InvalidHearing, NotNow
from apps.hearings.models import Hearing

LONGEST_REASON = 2_000
MOST_MINUTES = 480
IS_OVER = _("This hearing is over or cancelled; nothing about it can change.")


def no_problems() -> Problems:
    """Return a place to note problems in."""
    return defaultdict(list)


def held(hearing: Hearing, by: Any) -> Hearing:
    """Return a hearing locked for a change by the host's staff.

    raises  NotAllowed for whoever may not edit the consultation
    """
    consultation = editable(hearing.consultation, by)
    locked = Hearing.objects.select_for_update().get(pk=hearing.pk)
    locked.consultation = consultation
    return locked


def locked_for_people(hearing: Hearing) -> Hearing:
    """Return a hearing locked for what a person asks of it."""
    known = Hearing.objects.select_for_update(of=("self",)).select_related("consultation")
    return known.get(pk=hearing.pk)


def require_running(hearing: Hearing) -> None:
    """Raise NotNow for a hearing that is over or cancelled."""
    if hearing.state in (Hearing.State.CANCELLED, Hearing.State.CLOSED):
        raise NotNow(IS_OVER)


def refuse(problems: Problems) -> None:
    """Raise InvalidHearing where there is a problem."""
    if problems:
        raise InvalidHearing(_("Some of what you entered needs attention."), fields=problems)


def minutes_of(
    problems: Problems, place: str, typed: str, *, otherwise: int | None = None
) -> int | None:
    """Return minutes as a number, or note why they are none."""
    if not typed.strip() and otherwise is not None:
        return otherwise
    found = whole_number(typed.strip())
    if found is None or not 1 <= found <= MOST_MINUTES:
        told: str | Promise = _("Give the minutes: a whole number from 1 to %(most)s.") % {
            "most": MOST_MINUTES
        }
        problems[place].append(told)
        return None
    return found


def tell_calendars(hearing: Hearing) -> None:
    """Let calendars that hold a hearing take over what changes; the caller saves it."""
    hearing.changed_at = timezone.now()
    if hearing.state != Hearing.State.DRAFT:
        hearing.sequence += 1


def name_of(hearing: Hearing) -> str:
    """Return how audit entries name a hearing."""
    return f"{hearing.consultation.slug}/{hearing.slug}"
