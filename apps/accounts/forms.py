"""How people create an account."""

from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django.utils.translation import gettext_lazy as _


class SignupForm(AllauthSignupForm):
    """An address is enough; a password is one way to log in among others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A sign-up with a passkey asks for none.
        if password := self.fields.get("password1"):
            password.help_text = _(
                "At least 12 characters. Without one, a code comes by e-mail when you log in."
            )
