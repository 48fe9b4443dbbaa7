"""What becomes of requests to speak where a person deletes the account."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.parting import Words, goes_first, remains
from apps.hearings.models import Speaker
from apps.hearings.services import withdraw_request

State = Speaker.State


@remains
def said(user: User) -> Iterable[Words]:
    """Say whether the name stands in the records of hearings."""
    mine = Speaker.objects.filter(person=user, is_named=True)
    if mine.standing().filter(hearing__starts_at__lte=timezone.now()).exists():
        yield _("Your name in the records of hearings at which you asked to be named.")


@goes_first
def requests(user: User) -> None:
    """Withdraw what is still to come; take names off that nobody was to read."""
    mine = Speaker.objects.filter(person=user)
    waiting = mine.filter(organisation=None, state__in=[State.ASKED, State.ACCEPTED])
    for speaker in waiting.filter(hearing__starts_at__gt=timezone.now()).select_related("hearing"):
        withdraw_request(speaker, by=user)
    mine.filter(is_named=False).update(name="")
    mine.filter(state=State.WITHDRAWN).update(name="", is_named=False)
    mine.update(email="")
