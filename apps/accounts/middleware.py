"""The way into staff pages: the site's own log-in and, where it is asked for, a second factor."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

OPERATIONS_LOG_IN = "/operations/login/"  # Django's own form knows no second factor


class StaffEntrance:
    """Lets nobody who is logged in reach a page under STAFF_PATHS without the second factor.

    What a person may do there is decided by the page itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or lead to what is missing."""
        if request.path_info.startswith(settings.STAFF_PATHS):
            return self._missing(request) or self._get_response(request)
        return self._get_response(request)

    def _missing(self, request: HttpRequest) -> HttpResponse | None:
        if request.path_info == OPERATIONS_LOG_IN:
            if request.user.is_authenticated:
                raise PermissionDenied  # logged in, and not as somebody who may be here
            return redirect_to_login(request.GET.get("next", "/operations/"))
        if not request.user.is_authenticated:
            return None  # each page leads to the log-in itself
        if settings.SECOND_FACTOR_FOR_STAFF and not is_mfa_enabled(request.user):
            messages.warning(
                request,
                _("Staff pages need a second factor. Set up a passkey or a code here, once."),
            )
            return redirect("mfa_index")
        return None
