"""A hearing planned, announced, moved, cancelled or over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.clocks import NoSuchTime, instant_or_kept, shown_at
from apps.consultations.models import Consultation
from apps.consultations.services.editing import Problems, check_line, check_text, editable
from apps.core.languages import language_choices
from apps.hearings import telling
from apps.hearings.errors import NotNow
from apps.hearings.models import Hearing
from apps.hearings.services.changing import (
    LONGEST_REASON,
    held,
    minutes_of,
    name_of,
    no_problems,
    refuse,
    require_running,
    tell_calendars,
)

MOST_HEARINGS = 100
LONGEST_DESCRIPTION = 10_000
RESERVED = {"new"}  # an address of the workspace
TIMES = (("starts", "starts_at"), ("ends", "ends_at"), ("requests_close", "requests_close_at"))
TOLD = ("starts_at", "ends_at", "place", "online")
_is_address = URLValidator(schemes=["http", "https"])
State = Hearing.State


@dataclass(frozen=True)
class HearingInput:
    """A hearing as typed: times as clocks in the zone of the consultation show them.

    requests_close  "" until it starts
    language        "" that of the consultation
    """

    title: str
    starts: str = ""
    ends: str = ""
    description: str = ""
    place: str = ""
    online: str = ""
    language: str = ""
    requests_close: str = ""
    minutes_each: str = "5"

    @classmethod
    def of(cls, hearing: Hearing) -> Self:
        """Return a hearing as it would be typed."""
        zone = hearing.consultation.zone
        return cls(
            title=hearing.title,
            description=hearing.description,
            place=hearing.place,
            online=hearing.online,
            language=hearing.language,
            minutes_each=str(hearing.minutes_each),
            **{name: shown_at(getattr(hearing, field), zone) for name, field in TIMES},
        )


@transaction.atomic
def create_hearing(consultation: Consultation, entered: HearingInput, *, by: Any) -> Hearing:
    """Plan a hearing; nobody else sees it before it is announced.

    raises  NotAllowed, InvalidHearing naming what must change
    """
    locked = editable(consultation, by)
    if locked.hearings.count() >= MOST_HEARINGS:
        told = _("There are %(most)s hearings, the most there can be.")
        raise NotNow(told % {"most": MOST_HEARINGS})
    hearing = Hearing(consultation=locked)
    _take_over(hearing, entered)
    hearing.slug = _free_slug(locked, hearing.title)
    hearing.save()
    audit.record("hearing.planned", subject=name_of(hearing), actor=by, detail=_told(hearing))
    return hearing


@transaction.atomic
def change_hearing(hearing: Hearing, entered: HearingInput, *, by: Any) -> Hearing:
    """Change a hearing; of another time or place all who speak and all who follow get a mail.

    raises  NotAllowed; NotNow once it is over or cancelled; InvalidHearing naming what must change
    """
    locked = held(hearing, by)
    require_running(locked)
    before = {name: getattr(locked, name) for name in TOLD}
    _take_over(locked, entered)
    tell_calendars(locked)
    locked.save()
    audit.record("hearing.changed", subject=name_of(locked), actor=by, detail=_told(locked))
    if locked.is_announced and before != {name: getattr(locked, name) for name in TOLD}:
        telling.tell_speakers(locked, "moved")
        page = f"{locked.get_absolute_url()}#version-{locked.sequence}"
        telling.tell_followers(locked, telling.MOVED, at=locked.changed_at, path=page)
    return locked


@transaction.atomic
def announce_hearing(hearing: Hearing, *, by: Any) -> Hearing:
    """Let everybody see a hearing and ask to speak; who follows the consultation hears of it.

    raises  NotAllowed; NotNow where it was announced, has begun, or the consultation is not public
    """
    locked = held(hearing, by)
    if locked.state != State.DRAFT:
        raise NotNow(_("This hearing was announced already."))
    if not locked.consultation.is_published:
        raise NotNow(_("Publish the consultation first: its page leads to the hearing."))
    if locked.has_begun:
        raise NotNow(_("Its time is over. Give it another one first."))
    locked.state, locked.announced_at = State.ANNOUNCED, timezone.now()
    locked.changed_at = locked.announced_at
    locked.save()
    audit.record("hearing.announced", subject=name_of(locked), actor=by, detail=_told(locked))
    telling.tell_followers(locked, telling.ANNOUNCED, at=locked.announced_at)
    return locked


@transaction.atomic
def cancel_hearing(hearing: Hearing, *, reason: str, by: Any) -> Hearing:
    """Cancel a hearing that was announced: it stays to be seen, with the reason.

    raises  NotAllowed; NotNow for a draft, or what is over; InvalidHearing without a reason
    """
    locked = held(hearing, by)
    require_running(locked)
    if locked.state == State.DRAFT:
        raise NotNow(_("Nobody knows of it yet: delete it instead."))
    problems = no_problems()
    check_text(problems, "reason", reason, most=LONGEST_REASON, is_needed=True)
    refuse(problems)
    locked.state, locked.reason = State.CANCELLED, reason.strip()
    tell_calendars(locked)
    locked.cancelled_at = locked.changed_at
    locked.save()
    audit.record("hearing.cancelled", subject=name_of(locked), actor=by)
    telling.tell_speakers(locked, "cancelled")
    page = f"{locked.get_absolute_url()}#cancelled"
    telling.tell_followers(locked, telling.CANCELLED, at=locked.changed_at, path=page)
    return locked


@transaction.atomic
def close_hearing(hearing: Hearing, *, by: Any) -> Hearing:
    """Say that a hearing is over; its minutes are written on.

    raises  NotAllowed; NotNow before it has begun
    """
    locked = held(hearing, by)
    require_running(locked)
    if not (locked.is_announced and locked.has_begun):
        raise NotNow(_("It has not begun yet."))
    locked.state = State.CLOSED
    locked.save(update_fields=["state"])
    audit.record("hearing.closed", subject=name_of(locked), actor=by)
    return locked


@transaction.atomic
def delete_hearing(hearing: Hearing, *, by: Any) -> None:
    """Delete a draft; what was announced is cancelled instead.

    raises  NotAllowed, NotNow
    """
    locked = held(hearing, by)
    if locked.state != State.DRAFT:
        raise NotNow(_("It was announced. Cancel it instead: people may have planned for it."))
    name = name_of(locked)
    locked.delete()
    audit.record("hearing.deleted", subject=name, actor=by)


def _take_over(hearing: Hearing, entered: HearingInput) -> None:
    problems = no_problems()
    check_line(problems, "title", entered.title, most=300, is_needed=True)
    check_text(problems, "description", entered.description, most=LONGEST_DESCRIPTION)
    check_line(problems, "place", entered.place, most=300)
    _check_online(problems, entered.online.strip())
    hearing.language = entered.language or hearing.consultation.language
    if hearing.language not in dict(language_choices()):
        problems["language"].append(_("Choose a language from the list."))
    each = minutes_of(problems, "minutes_each", entered.minutes_each)
    if not entered.place.strip() and not entered.online.strip():
        problems["place"].append(_("Say where it is held, or give an online address."))
    _take_over_times(problems, hearing, entered)
    refuse(problems)
    hearing.title, hearing.place = entered.title.strip(), entered.place.strip()
    hearing.description, hearing.online = entered.description.strip(), entered.online.strip()
    hearing.minutes_each = each or hearing.minutes_each


def _check_online(problems: Problems, address: str) -> None:
    if not address:
        return
    try:
        _is_address(address)
        is_address = len(address) <= 500
    except ValidationError:
        is_address = False
    if not is_address:
        problems["online"].append(_("Give an address that begins with https:// or http://."))


def _take_over_times(problems: Problems, hearing: Hearing, entered: HearingInput) -> None:
    was = hearing.starts_at
    for name, field in TIMES:
        typed = getattr(entered, name) or (entered.starts if name == "requests_close" else "")
        kept, is_end = getattr(hearing, field), name == "ends"
        found = _instant(problems, name, typed, hearing.consultation, kept, is_end=is_end)
        setattr(hearing, field, found or kept)
    if problems.keys() & {name for name, _field in TIMES}:
        return
    if hearing.ends_at <= hearing.starts_at:
        problems["ends"].append(_("This hearing would end before it starts."))
    if hearing.requests_close_at > hearing.starts_at:
        problems["requests_close"].append(_("Let requests end before the hearing starts."))
    if hearing.starts_at != was and hearing.has_begun:
        problems["starts"].append(_("This time is over. Give one that is still to come."))


def _instant(
    problems: Problems,
    name: str,
    typed: str,
    consultation: Consultation,
    kept: datetime | None,
    *,
    is_end: bool,
) -> datetime | None:
    try:
        return instant_or_kept(typed, kept, consultation.zone, is_end=is_end)
    except NoSuchTime as error:
        problems[name].append(error.message)
        return None


def _free_slug(consultation: Consultation, title: str) -> str:
    stem = slugify(title)[:60].strip("-") or "hearing"
    taken = RESERVED | set(consultation.hearings.values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def _told(hearing: Hearing) -> dict[str, Any]:
    return {
        "starts_at": hearing.starts_at.isoformat(),
        "ends_at": hearing.ends_at.isoformat(),
        "requests_close_at": hearing.requests_close_at.isoformat(),
        "sequence": hearing.sequence,
    }
