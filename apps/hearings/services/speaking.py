"""Asking to speak, for oneself or for an organisation, and withdrawing that."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.audit import services as audit
from apps.consultations.services.editing import check_line
from apps.core.errors import NotAllowed
from apps.hearings.errors import AskedAlready, NotNow, RequestsClosed
from apps.hearings.models import AgendaItem, Hearing, Speaker
from apps.hearings.services.changing import locked_for_people, name_of, no_problems, refuse

MOST_REQUESTS = 1_000
State = Speaker.State


@dataclass(frozen=True)
class RequestInput:
    """What somebody who wants to speak says.

    organisation  None for oneself; then `group` says whom one belongs to
    item          id of the agenda item, "" for the hearing as a whole
    is_named      show my own name on public pages
    """

    about: str = ""
    organisation: Organisation | None = None
    group: str = ""
    item: str = ""
    is_named: bool = False


@transaction.atomic
def ask_to_speak(hearing: Hearing, entered: RequestInput, *, by: Any) -> Speaker:
    """Ask to speak, once in each capacity; after withdrawing one may ask again.

    raises  NotAllowed for an organisation one may not submit for; RequestsClosed; AskedAlready;
            InvalidHearing naming what must change
    """
    locked = locked_for_people(hearing)
    if not by.has_perm("accounts.submit_for", entered.organisation):
        raise NotAllowed(
            _("Only a submitter or a signatory may ask to speak for this organisation.")
        )
    require_open(locked)
    speaker = _earlier(locked, entered.organisation, by) or Speaker(hearing=locked)
    if speaker.pk and speaker.state != State.WITHDRAWN:
        raise AskedAlready(_("You asked to speak already. Your request stands."))
    if not speaker.pk and locked.speakers.count() >= MOST_REQUESTS:
        raise RequestsClosed(_("So many have asked that no further request can be taken."))
    _take_over(locked, speaker, entered, by)
    speaker.save()
    audit.record(
        "speaker.asked",
        subject=name_of(locked),
        actor=by,
        detail={"speaker": speaker.pk, "group": speaker.group},
    )
    return speaker


@transaction.atomic
def withdraw_request(speaker: Speaker, *, by: Any) -> Speaker:
    """Withdraw a request, also one that was accepted, as long as the hearing has not begun.

    raises  NotAllowed for what belongs to somebody else; NotNow
    """
    locked = locked_for_people(speaker.hearing)
    own = Speaker.objects.belonging_to(by).filter(hearing=locked, pk=speaker.pk)
    found = own.select_for_update(of=("self",)).first()
    if found is None:
        raise NotAllowed(_("This request belongs to somebody else."))
    if found.state not in (State.ASKED, State.ACCEPTED) or locked.has_begun:
        raise NotNow(_("This request can no longer be withdrawn."))
    found.state = State.WITHDRAWN
    found.save(update_fields=["state"])
    audit.record(
        "speaker.withdrew", subject=name_of(locked), actor=by, detail={"speaker": found.pk}
    )
    return found


def require_open(hearing: Hearing) -> None:
    """Raise RequestsClosed, saying why, unless one can ask to speak now."""
    if hearing.is_cancelled:
        raise RequestsClosed(_("This hearing was cancelled, so nobody can ask to speak."))
    if not hearing.takes_requests:
        until = f"{hearing.requests_close_at.astimezone(hearing.consultation.zone):%d.%m.%Y %H:%M}"
        zone = hearing.consultation.time_zone
        raise RequestsClosed(
            _("One could ask to speak until %(until)s (%(zone)s).") % {"until": until, "zone": zone}
        )


def chosen_item(hearing: Hearing, typed: str) -> AgendaItem | None:
    """Return the agenda item with this id, None for "" and for what is on no agenda of it."""
    if not typed.isdecimal() or len(typed) > 18:
        return None
    return hearing.items.filter(pk=int(typed)).first()


def _earlier(hearing: Hearing, organisation: Organisation | None, by: Any) -> Speaker | None:
    asked = hearing.speakers.select_for_update(of=("self",))
    if organisation is not None:
        return asked.filter(organisation=organisation).first()
    return asked.filter(organisation__isnull=True, person=by.pk).first()


def _take_over(hearing: Hearing, speaker: Speaker, entered: RequestInput, by: Any) -> None:
    problems = no_problems()
    check_line(problems, "about", entered.about, most=300, is_needed=True)
    group = entered.organisation.group if entered.organisation else entered.group
    if group not in StakeholderGroup.values:
        problems["group"].append(_("Choose the group you speak for."))
    item = chosen_item(hearing, entered.item)
    if entered.item and item is None:
        problems["item"].append(_("Choose an item of the agenda."))
    refuse(problems)
    speaker.person, speaker.organisation = by, entered.organisation
    speaker.organisation_name = entered.organisation.name if entered.organisation else ""
    speaker.name, speaker.is_named = by.name, entered.is_named and bool(by.name)
    speaker.group, speaker.item, speaker.about = group, item, entered.about.strip()
    speaker.state, speaker.reason, speaker.position = State.ASKED, "", 0
    speaker.minutes, speaker.asked_at = hearing.minutes_each, timezone.now()
