"""The speaking list: who is on it, for how long, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.audit import services as audit
from apps.consultations.services.editing import Problems, check_line, check_text
from apps.core.display import display_text
from apps.hearings import telling
from apps.hearings.counting import requests_by_group
from apps.hearings.errors import AskedAlready, NotNow
from apps.hearings.models import Hearing, Speaker
from apps.hearings.ordering import in_turn
from apps.hearings.services.changing import (
    LONGEST_REASON,
    held,
    minutes_of,
    name_of,
    no_problems,
    refuse,
    require_running,
)
from apps.hearings.services.reaching import check_address, same_speaker
from apps.hearings.services.speaking import MOST_REQUESTS, chosen_item

State = Speaker.State


@dataclass(frozen=True)
class SpeakerInput:
    """Somebody whom staff adds by hand.

    organisation  its name as written; "" for a private person
    is_named      the person agreed that everybody reads `name`
    minutes       "" as many as everybody has
    """

    name: str = ""
    organisation: str = ""
    email: str = ""
    group: str = ""
    item: str = ""
    is_named: bool = False
    minutes: str = ""


@transaction.atomic
def add_speaker(hearing: Hearing, entered: SpeakerInput, *, by: Any) -> Speaker:
    """Put somebody without an account on the list; only staff reads the address.

    raises  NotAllowed; NotNow once the hearing is over; InvalidHearing naming what must change;
            AskedAlready for who is on the list, or waits for an answer
    """
    locked = _listed(hearing, by)
    if locked.speakers.count() >= MOST_REQUESTS:
        raise NotNow(_("The list is full."))
    problems = no_problems()
    _check_person(problems, entered)
    minutes = minutes_of(problems, "minutes", entered.minutes, otherwise=locked.minutes_each)
    item = chosen_item(locked, entered.item)
    if entered.item and item is None:
        problems["item"].append(_("Choose an item of the agenda."))
    refuse(problems)
    name = entered.name.strip()
    speaker = Speaker(
        hearing=locked,
        name=name,
        organisation_name=entered.organisation.strip(),
        email=entered.email.strip(),
        group=entered.group,
        item=item,
        is_named=entered.is_named and bool(name),
        minutes=minutes or locked.minutes_each,
        state=State.ACCEPTED,
        position=_next_position(locked),
    )
    _require_new(locked, speaker)
    speaker.save()
    _by_hand(locked)
    _tell("speaker.added", locked, speaker, by=by)
    return speaker


@transaction.atomic
def accept(speaker: Speaker, *, minutes: str = "", by: Any) -> Speaker:
    """Put somebody who asked at the end of the list; they get a mail.

    minutes  "" as many as everybody has
    raises   NotAllowed; NotNow for who did not ask; InvalidHearing for no time to speak
    """
    hearing, there = _one(speaker, by)
    if there.state not in (State.ASKED, State.DECLINED):
        raise NotNow(_("Only who asked to speak can be put on the list."))
    problems = no_problems()
    given = minutes_of(problems, "minutes", minutes, otherwise=hearing.minutes_each)
    refuse(problems)
    there.state, there.reason = State.ACCEPTED, ""
    there.minutes, there.position = given or there.minutes, _next_position(hearing)
    there.save(update_fields=["state", "reason", "minutes", "position"])
    _by_hand(hearing)
    _tell("speaker.accepted", hearing, there, by=by)
    telling.write(hearing, [there], "accepted")
    return there


@transaction.atomic
def decline(speaker: Speaker, *, reason: str, by: Any) -> Speaker:
    """Decline a request, or take somebody off the list, with a reason that they read in a mail.

    raises  NotAllowed; NotNow for who withdrew; InvalidHearing without a reason
    """
    hearing, there = _one(speaker, by)
    if there.state not in (State.ASKED, State.ACCEPTED):
        raise NotNow(_("This request does not stand any more."))
    problems = no_problems()
    check_text(problems, "reason", reason, most=LONGEST_REASON, is_needed=True)
    refuse(problems)
    there.state, there.reason = State.DECLINED, reason.strip()
    there.save(update_fields=["state", "reason"])
    _tell("speaker.declined", hearing, there, by=by)
    telling.write(hearing, [there], "declined")
    return there


@transaction.atomic
def set_minutes(speaker: Speaker, *, minutes: str, by: Any) -> Speaker:
    """Give somebody on the list more or less time.

    raises  NotAllowed; NotNow; InvalidHearing for no time at all
    """
    hearing, there = _one(speaker, by)
    problems = no_problems()
    given = minutes_of(problems, "minutes", minutes)
    refuse(problems)
    there.minutes = given or there.minutes
    there.save(update_fields=["minutes"])
    _tell("speaker.timed", hearing, there, by=by)
    return there


@transaction.atomic
def set_all_minutes(hearing: Hearing, minutes: Mapping[int, str], *, by: Any) -> int:
    """Give those on the list the time typed for each, by their ids; return how many were changed.

    raises  NotAllowed; NotNow; InvalidHearing naming each that is no time at all, and none is kept
    """
    locked = _listed(hearing, by)
    problems, changed = no_problems(), []
    for one in locked.speakers.accepted().select_for_update(of=("self",)):
        typed = minutes.get(one.pk, "").strip()
        if typed not in ("", str(one.minutes)):
            one.minutes = minutes_of(problems, f"minutes-{one.pk}", typed) or one.minutes
            changed.append(one)
    refuse(problems)
    Speaker.objects.bulk_update(changed, ["minutes"])
    for one in changed:
        _tell("speaker.timed", locked, one, by=by)
    return len(changed)


@transaction.atomic
def move_speaker(speaker: Speaker, *, earlier: bool, by: Any) -> None:
    """Let somebody on the list speak one place earlier or later."""
    hearing, there = _one(speaker, by)
    order = list(hearing.speakers.accepted())
    place = next((n for n, one in enumerate(order) if one.pk == there.pk), None)
    if place is None:
        raise NotNow(_("Only those on the list have a place in it."))
    other = place + (-1 if earlier else 1)
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    _place(order)
    _by_hand(hearing)
    _tell("speaker.moved", hearing, there, by=by)


@transaction.atomic
def order_in_turn(hearing: Hearing, *, by: Any) -> list[Speaker]:
    """Put the list in order, the stakeholder groups in turn; see `ordering.py` for the rule.

    raises  NotAllowed; NotNow once the hearing is over
    """
    locked = _listed(hearing, by)
    ordered = in_turn(list(locked.speakers.accepted()), requests_by_group(locked))
    _place(ordered)
    locked.is_in_turn = True
    locked.save(update_fields=["is_in_turn"])
    audit.record("speakers.ordered", subject=name_of(locked), actor=by)
    return ordered


def _require_new(hearing: Hearing, speaker: Speaker) -> None:
    """Raise AskedAlready for a speaker who would stand on the list twice."""
    other = same_speaker(hearing, speaker)
    if other is None:
        return
    if not other.is_accepted:
        told = _("%(name)s asked to speak already. Put that request on the list.")
    elif other.address:
        told = _("%(name)s is on the list already.")
    else:
        told = _("%(name)s is on the list already. An address can be added there.")
    told_of = told % {"name": other.known_as}
    raise AskedAlready(told_of, fields={"name": [told_of]})


def _listed(hearing: Hearing, by: Any) -> Hearing:
    locked = held(hearing, by)
    require_running(locked)
    return locked


def _one(speaker: Speaker, by: Any) -> tuple[Hearing, Speaker]:
    hearing = _listed(speaker.hearing, by)
    known = hearing.speakers.select_for_update(of=("self",)).select_related("person")
    return hearing, known.get(pk=speaker.pk)


def _check_person(problems: Problems, entered: SpeakerInput) -> None:
    check_line(problems, "name", entered.name, most=150)
    check_line(problems, "organisation", entered.organisation, most=300)
    for place in ("name", "organisation"):
        typed = getattr(entered, place).strip()
        if display_text(typed) != typed and not problems.get(place):
            problems[place].append(_("Remove the characters that cannot be seen."))
    if not (entered.name.strip() or entered.organisation.strip()):
        problems["name"].append(_("Give the name of the person or of the organisation."))
    if entered.group not in StakeholderGroup.values:
        problems["group"].append(_("Choose a group."))
    check_address(problems, entered.email.strip())


def _next_position(hearing: Hearing) -> int:
    last = hearing.speakers.accepted().values_list("position", flat=True).last()
    return (last or 0) + 1


def _place(order: list[Speaker]) -> None:
    for position, one in enumerate(order, 1):
        one.position = position
    Speaker.objects.bulk_update(order, ["position"])


def _by_hand(hearing: Hearing) -> None:
    """Note that the order is no longer the one by group."""
    if hearing.is_in_turn:
        hearing.is_in_turn = False
        hearing.save(update_fields=["is_in_turn"])


def _tell(kind: str, hearing: Hearing, speaker: Speaker, *, by: Any) -> None:
    detail = {"speaker": speaker.pk, "group": speaker.group, "minutes": speaker.minutes}
    audit.record(kind, subject=name_of(hearing), actor=by, detail=detail)
