"""A sign-up with an address that waits for its confirmation since an earlier one."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services.guests import become_account


def waiting_account(email: str) -> User | None:
    """Return whose account or guest has this address, where nobody ever confirmed it or came in."""
    waiting = User.objects.filter(email=email.strip().lower(), is_active=True, last_login=None)
    return waiting.exclude(emailaddress__verified=True).first()


def password_kept(password: str) -> str:
    """Return what to keep of a password until the address is confirmed; "" means there is none."""
    return make_password(password or None)


@transaction.atomic
def take_account(user: User, *, password: str) -> None:
    """Give a waiting account to who confirmed its address, with the password chosen now.

    Whoever signed up with the address before, without confirming it, chose another one: that one
    opens nothing any more.

    password  as `password_kept` returned it
    """
    user.password = password
    user.save(update_fields=["password"])
    become_account(user)
