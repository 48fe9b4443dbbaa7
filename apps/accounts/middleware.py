"""The way into staff pages, and back to what was sent in a session that was over."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

SENT = "sent"
SECRETS = ("password", "code", "credential")
OPERATIONS_LOG_IN = "/operations/login/"  # Django's own form knows no second factor


def holds_secrets(names: Iterable[str]) -> bool:
    """Return whether a form with these fields asks for a password or a code."""
    return any(secret in name.lower() for name in names for secret in SECRETS)


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


class SentInVain:
    """Keeps in the session what was sent after it was over, for when its author is back.

    Of any form on a page that needs a log-in; a view that keeps it itself, under a name that ends
    with its path, is left alone. Files cannot be kept, and passwords and codes must not be.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; where the answer is to log in first, lead on to what was sent."""
        response = self._get_response(request)
        if request.method != "POST":
            return response
        if request.user.is_authenticated:
            is_taken = response.status_code != HTTPStatus.FORBIDDEN
            if is_taken and request.session.get(SENT, {}).get("to") == request.get_full_path():
                del request.session[SENT]
            return response
        is_kept = any(name.endswith(f":{request.path}") for name, _kept in request.session.items())
        if is_kept or holds_secrets(request.POST) or not self._asks_to_log_in(request, response):
            return response
        request.session[SENT] = {
            "to": request.get_full_path(),
            "fields": request.POST.urlencode(),
            "has_files": bool(request.FILES),
        }
        return redirect_to_login(reverse("accounts:sent"))

    def _asks_to_log_in(self, request: HttpRequest, response: HttpResponse) -> bool:
        address = urlsplit(response.headers.get("Location", ""))
        back_to = parse_qs(address.query).get("next")
        return address.path == reverse("account_login") and back_to == [request.get_full_path()]
