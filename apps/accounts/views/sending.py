"""What was sent in vain, too late or with an old key: shown to its author, sent on their word."""

import re
from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.middleware import SENT, holds_secrets

SHORTEST = 12  # characters; what is shorter is a choice or a key, and says nothing by itself
# A key, a choice or a state: nothing to read. An @ is in none: who typed that typed an address.
OF_THE_FORM = re.compile(r"[!-?A-~]+|\{.*\}", re.DOTALL)
KEY = "csrfmiddlewaretoken"
NOTHING_TYPED = {KEY, "then", "next"}
# Log-in, second factor and operations ask for passwords and codes: these are shown on no page.
SECRET_PLACES = ("/accounts/", "/operations/")


@require_safe
@never_cache
@login_required
def sent(request: HttpRequest) -> HttpResponse:
    """Show what waits, in a form that sends it to where it was going."""
    waiting = request.session.get(SENT)
    if waiting is None:
        return redirect("consultations:list")
    return _ask_again(request, QueryDict(waiting["fields"]), waiting["to"], waiting["has_files"])


@never_cache
def key_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose key no longer fits, as after a log-in in another tab.

    Whoever sent it from a page of this site sees it again, to be sent with the key of today.
    Any other gets nothing to click on: it may have been made by somebody else (decision 0059).
    """
    is_by_itself = "HX-Request" in request.headers
    if is_by_itself or not _is_from_here(request) or not _can_be_shown(request):
        return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)
    page = _ask_again(
        request, request.POST, request.get_full_path(), bool(request.FILES), is_stale=True
    )
    page.status_code = HTTPStatus.FORBIDDEN
    return page


def _is_from_here(request: HttpRequest) -> bool:
    """Return whether the browser itself says so; without its word, nobody can tell."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _can_be_shown(request: HttpRequest) -> bool:
    names = request.POST.keys() - NOTHING_TYPED
    is_secret = request.path_info.startswith(SECRET_PLACES) or holds_secrets(names)
    return bool(names) and not is_secret


def _ask_again(
    request: HttpRequest, sent: QueryDict, to: str, has_files: bool, *, is_stale: bool = False
) -> HttpResponse:
    fields = [(name, value) for name, values in sent.lists() for value in values if name != KEY]
    context = {
        "to": to,
        "has_files": has_files,
        "fields": fields,
        "texts": [
            value
            for _name, value in fields
            if len(value) >= SHORTEST and not OF_THE_FORM.fullmatch(value)
        ],
        "is_stale": is_stale,
    }
    return render(request, "accounts/sent.html", context)
