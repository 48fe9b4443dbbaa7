"""How people create an account."""

from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.adapter import keep_for
from apps.accounts.services import password_kept, waiting_account


class SignupForm(AllauthSignupForm):
    """An address is enough; a password is one way to log in among others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A sign-up with a passkey asks for none.
        if password := self.fields.get("password1"):
            password.help_text = _(
                "At least 12 characters. Without one, a code comes by e-mail when you log in."
            )

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """Sign up again who never confirmed the address: another code is sent, nothing else shows.

        An address that was confirmed gets the mail that says so, as ever.
        """
        waiting = (
            waiting_account(self.cleaned_data["email"]) if self.account_already_exists else None
        )
        if waiting is None:
            result: tuple[Any, Any] = super().try_save(request)
            return result
        chosen = self.cleaned_data.get("password1", "")
        keep_for(request, waiting, password=password_kept(chosen))
        return waiting, None
