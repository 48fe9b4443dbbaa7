"""People without an account: a confirmed address to respond with, and the way to an account."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import NotAllowed


class NeedsAccount(NotAllowed):
    """A guest asks for something that needs an account."""

    code = "needs_account"


@transaction.atomic
def guest_for(email: str) -> User:
    """Return who has this address, a new guest where nobody has.

    A guest can do nothing until somebody enters the code sent to the address.
    """
    address = email.strip().lower()
    unusable = make_password(None)
    person, is_new = User.objects.get_or_create(
        email=address, defaults={"is_guest": True, "password": unusable}
    )
    if is_new:
        EmailAddress.objects.create(user=person, email=address, primary=True, verified=False)
    return person


@transaction.atomic
def become_account(user: User) -> None:
    """Turn a guest into the holder of an account; what was filed stays theirs."""
    if user.is_guest:
        user.is_guest = False
        user.save(update_fields=["is_guest"])
        audit.record("person.account_made", subject="accounts", actor=user)


def require_account(user: Any) -> None:
    """Raise NeedsAccount for a guest."""
    if user.is_guest:
        raise NeedsAccount(
            _("You are here with your e-mail address only. Make an account first, on your page.")
        )
