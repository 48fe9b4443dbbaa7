"""How an account begins: what was chosen at the sign-up counts once the address is confirmed."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.http import HttpRequest

from apps.accounts.models import User
from apps.accounts.services import take_account

CHOSEN = "password-of-sign-up"


def keep_for(request: HttpRequest, user: User, *, password: str) -> None:
    """Keep what was chosen at a sign-up in the session that has to confirm the address."""
    request.session[CHOSEN] = [user.pk, password]


class AccountAdapter(DefaultAccountAdapter):
    """Hands an account that waited to who confirmed its address."""

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Mark an address as confirmed; what was chosen at this sign-up counts from now on."""
        number, password = request.session.pop(CHOSEN, (None, ""))
        is_confirmed: bool = super().confirm_email(request, email_address)
        if is_confirmed and number == email_address.user_id:
            take_account(email_address.user, password=password)
        return is_confirmed

    def login(self, request: HttpRequest, user: User) -> None:
        """Log in with the password as it is now."""
        # The library read the person before the address was confirmed; a session that belongs to
        # the password of then would end at once.
        user.refresh_from_db(fields=["password"])
        super().login(request, user)
