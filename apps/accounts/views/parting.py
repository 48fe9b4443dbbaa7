"""The page on which a person deletes the account: what goes, what stays, and who it really is."""

from typing import Any

from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    get_reauthentication_flows,
)
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.errors import CannotLeave
from apps.accounts.services import (
    delete_account,
    parting_of,
    require_leaving_token,
    require_may_leave,
    write_leaving_link,
)
from apps.core.views import shows_refusals


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    has_secret = bool(get_reauthentication_flows(person))
    if request.method != "POST":
        return _page(request, by_mail=not has_secret)
    try:
        require_may_leave(person)
        if not has_secret:
            # Whoever sits at an open browser has not shown to be the person.
            write_leaving_link(person)
            messages.success(
                request,
                _("A link was sent to %(address)s. Open it in this browser within an hour.")
                % {"address": person.email},
            )
            return redirect("accounts:leave")
        if not did_recently_reauthenticate(request):
            raise ReauthenticationRequired
        return _delete(request)
    except CannotLeave:
        return _page(request, by_mail=not has_secret, status=CannotLeave.status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def leave_by_link(request: HttpRequest, token: str) -> HttpResponse:
    require_leaving_token(token, request.user)
    if request.method != "POST":
        return _page(request, by_link=True)
    try:
        return _delete(request)
    except CannotLeave:
        return _page(request, status=CannotLeave.status)


def _page(request: HttpRequest, *, status: int = 200, **how: bool) -> HttpResponse:
    person: Any = request.user
    context = {
        "parting": parting_of(person),
        "withdraw": request.POST.get("withdraw", ""),
        **how,
    }
    return render(request, "accounts/leave.html", context, status=status)


def _delete(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    delete_account(person, is_withdrawing=bool(request.POST.get("withdraw")))
    logout(request)
    messages.success(request, _("Your account is deleted. A last mail tells you so."))
    return redirect(settings.LOGOUT_REDIRECT_URL)
