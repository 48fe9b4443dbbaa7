"""The page of access tokens: what a person's programs send instead of a log-in."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import AccessToken
from apps.accounts.services import make_token, revoke_token
from apps.core.errors import DomainError
from apps.core.views import shows_refusals


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("name", "scope")}
    error, made = None, ""
    if request.method == "POST":
        try:
            _token, made = make_token(cast(Any, request.user), **typed)
        except DomainError as refusal:
            error = refusal
    context = {
        "tokens": AccessToken.objects.filter(user=request.user.pk).order_by("-created"),
        "scopes": AccessToken.Scope.choices,
        "typed": {} if made else typed,
        "error": error,
        "made": made,  # shown in this answer only: nobody keeps it
    }
    return render(request, "accounts/tokens.html", context, status=error.status if error else 200)


@require_POST
@login_required
@shows_refusals
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    own = AccessToken.objects.filter(user=request.user.pk)
    revoke_token(get_object_or_404(own, number=number), by=cast(Any, request.user))
    messages.success(request, _("Revoked. A program that sends this token is refused from now on."))
    return redirect("accounts:tokens")
