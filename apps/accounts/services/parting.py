"""A person deletes the account: what was filed stays on the record, and nothing says by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts import mailing, parting
from apps.accounts.checking import end
from apps.accounts.errors import CannotLeave, LinkOver
from apps.accounts.models import Organisation, User
from apps.audit import services as audit

LINK_HOLDS = 60 * 60  # seconds
SALT = "accounts.leaving"


@dataclass(frozen=True)
class Parting:
    """What a person should know before: `own_words` is how many responses could be withdrawn."""

    obstacles: Sequence[parting.Obstacle]
    remains: Sequence[parting.Words]
    own_words: int


def parting_of(user: User) -> Parting:
    """Return what stands in the way of deleting an account, and what stays of it."""
    return Parting(
        parting.obstacles_of(user), parting.remains_of(user), parting.count_own_words(user)
    )


def require_may_leave(user: User) -> None:
    """Raise CannotLeave, saying what to do first, where something stands in the way."""
    if obstacles := parting.obstacles_of(user):
        raise CannotLeave(" ".join(str(one.text) for one in obstacles))


def write_leaving_link(user: User) -> None:
    """Mail a link that lets its reader delete the account, within an hour and logged in to it.

    raises  CannotLeave
    """
    require_may_leave(user)
    link = mailing.absolute(reverse("accounts:leave-by-link", args=[leaving_token(user)]))
    context = {"link": link}
    mailing.post(user.email, "accounts/mail/leaving", context, language=get_language() or "")


def leaving_token(user: User) -> str:
    """Return the last part of the link that `write_leaving_link` mails."""
    return signing.dumps([user.pk, user.email], salt=SALT)


def require_leaving_token(token: str, user: Any) -> None:
    """Raise LinkOver unless a link was mailed to this person within the hour."""
    try:
        told = signing.loads(token, salt=SALT, max_age=LINK_HOLDS)
    except signing.BadSignature:
        told = None
    if told != [user.pk, user.email]:
        raise LinkOver(
            _("This link is older than an hour, or it was sent to another account. Ask again.")
        )


@transaction.atomic
def delete_account(user: User, *, is_withdrawing: bool = False) -> None:
    """Delete an account, with all that is nobody else's; what was filed stays without its author.

    Organisations keep what was filed for them. Of an organisation without any other member, what
    was checked ends. A mail tells the person that it was done.

    is_withdrawing  withdraw what the person filed alone before
    raises          CannotLeave naming what has to be done first; then nothing has changed
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    # Two signatories who leave at the same moment wait for each other here.
    held = Organisation.objects.with_member(person).values("pk")
    locked = Organisation.objects.select_for_update(of=("self",)).filter(pk__in=held)
    emptied = set(parting.alone_in(person).values_list("pk", flat=True))
    seats = list(locked.order_by("pk"))
    require_may_leave(person)
    if is_withdrawing:
        parting.withdraw_own_words(person)
    parting.say_farewell(person)
    for organisation in seats:
        audit.record("organisation.member_removed", subject=organisation.slug, actor=person)
        if organisation.pk in emptied:
            # Who proved it speaks for nobody here any more.
            end(organisation, organisation.verifications.all())
    audit.record("person.account_deleted", subject="accounts", actor=person)
    context = {"is_withdrawn": is_withdrawing}
    mailing.post(person.email, "accounts/mail/left", context, language=get_language() or "")
    person.delete()
