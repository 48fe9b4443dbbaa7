"""Who a speaker on the list is: nobody stands on it twice, and mail goes to the right address."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.services.editing import Problems
from apps.hearings import telling
from apps.hearings.errors import NotNow
from apps.hearings.models import Hearing, Speaker
from apps.hearings.services.changing import held, name_of, no_problems, refuse

State = Speaker.State


@transaction.atomic
def set_address(speaker: Speaker, *, email: str, by: Any) -> Speaker:
    """Note where somebody without an account is written to, also once the hearing is over.

    A link that was sent to an earlier address is void; what waits for an answer is sent anew.

    raises  NotAllowed; NotNow for who has an account, and for a cancelled hearing;
            InvalidHearing for what is no address, or that of the same speaker once more
    """
    hearing = held(speaker.hearing, by)
    if hearing.is_cancelled:
        raise NotNow(_("This hearing is cancelled; nobody is written to any more."))
    known = hearing.speakers.select_for_update(of=("self",)).select_related("person")
    there = known.get(pk=speaker.pk)
    if there.person is not None:
        raise NotNow(_("This speaker has an account. Mail goes to the address kept there."))
    problems, typed = no_problems(), email.strip()
    check_address(problems, typed, is_needed=True)
    before = there.email
    there.email = typed
    if not problems and same_speaker(hearing, there):
        problems["email"].append(_("Somebody on the list has this address already."))
    refuse(problems)
    there.save(update_fields=["email"])
    # The log is kept for good, so it does not say the address.
    detail = {"speaker": there.pk, "is_first": not before}
    audit.record("speaker.addressed", subject=name_of(hearing), actor=by, detail=detail)
    if before.casefold() != typed.casefold() and there.statements.unanswered().exists():
        there.written_at = timezone.now()
        there.save(update_fields=["written_at"])
        telling.write(hearing, [there], "statements")
    return there


def check_address(problems: Problems, typed: str, *, is_needed: bool = False) -> None:
    """Note what is no e-mail address; nothing typed is none only where one is needed."""
    try:
        if typed or is_needed:
            validate_email(typed)
        is_address = len(typed) <= 254
    except ValidationError:
        is_address = False
    if not is_address:
        problems["email"].append(_("Give an e-mail address, for example name@example.org."))


def same_speaker(hearing: Hearing, one: Speaker) -> Speaker | None:
    """Return who of the list, or of those who asked, is the same speaker: one query.

    The same is who speaks for the same organisation, or for none, under the same address, or the
    same name where no two addresses tell them apart.
    """
    standing = hearing.speakers.filter(state__in=[State.ASKED, State.ACCEPTED]).exclude(pk=one.pk)
    for other in standing.select_related("person"):
        if _folded(one.organisation_name) != _folded(other.organisation_name):
            continue
        addresses = _folded(one.address), _folded(other.address)
        if all(addresses):
            if addresses[0] == addresses[1]:
                return other
        elif _folded(one.name) == _folded(other.name):
            return other
    return None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
