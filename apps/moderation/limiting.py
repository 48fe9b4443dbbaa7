"""How often whoever is not logged in may report."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.throttling import BaseThrottle

from apps.core.throttling import tries
from apps.moderation.errors import TooManyReports

HOUR = 3600
FROM_ONE_PLACE = 20  # in an hour: a school or an office has one address on the net


def require_calm(request: HttpRequest) -> None:
    """Raise TooManyReports where too many came from one place without an account."""
    if request.user.is_authenticated:
        return
    place = BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # reads META only
    if tries(f"reporting:from:{place}", HOUR) > FROM_ONE_PLACE:
        raise TooManyReports(
            _("Too many reports came from your network just now. Log in, or try in an hour.")
        )
