"""How often signatures may be asked for: from one place, and for one address."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.throttling import BaseThrottle

from apps.core.throttling import tries
from apps.submissions.errors import TooManyTries

HOUR = 3600
FROM_ONE_PLACE = 60  # in an hour: a school or an office has one address on the net
TO_ONE_ADDRESS = 5  # mails in a day


def require_calm(request: HttpRequest) -> None:
    """Raise TooManyTries where too many signatures were asked for from one place."""
    place = BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # reads META only
    if tries(f"signing:from:{place}", HOUR) > FROM_ONE_PLACE:
        raise TooManyTries(
            _("Too many people signed from your network just now. Try again in an hour.")
        )


def may_write_to(email_key: str) -> bool:
    """Return whether an address has not had its share of mails today; nobody is told."""
    return tries(f"signing:to:{email_key}", 24 * HOUR) <= TO_ONE_ADDRESS
