"""Pages of verification: asked for by a signatory, confirmed by mail, looked up by staff."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import domains
from apps.accounts.models import Organisation, Verification
from apps.accounts.services import (
    ask_by_domain,
    ask_by_email,
    ask_by_register,
    confirm_email,
    email_of,
    look_now,
)
from apps.accounts.services import review as note_review
from apps.accounts.views.organisations import own_organisation
from apps.core.errors import DomainError, NotAllowed
from apps.core.views import shows_refusals

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def verification(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = own_organisation(request, slug)
    error = None
    if request.method == "POST":
        try:
            _ask(request, organisation)
            messages.success(request, _("The check has begun."))
            return redirect("accounts:verification", slug)
        except NotAllowed:
            raise
        except DomainError as refusal:
            error = refusal
    context = {
        "place": "account",
        "organisation": organisation,
        "domain": domains.domain_of(organisation.website),
        "label": domains.LABEL,
        "path": domains.PATH,
        "prefix": domains.PREFIX,
        "checks": organisation.verifications.all()[:SHOWN],
        "may_manage": request.user.has_perm("accounts.manage", organisation),
        "error": error,
        "typed": request.POST,
    }
    status = error.status if error else 200
    return render(request, "accounts/verification.html", context, status=status)


@require_POST
@login_required
@shows_refusals
def look(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = own_organisation(request, slug)
    asked = get_object_or_404(organisation.verifications, pk=pk)
    if look_now(asked, by=request.user):
        messages.success(request, _("We are looking. Load this page again in a minute."))
    else:
        messages.warning(request, _("We looked just now. Wait a minute, then look again."))
    return redirect("accounts:verification", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def confirm_domain(request: HttpRequest, token: str) -> HttpResponse:
    """Say what would be confirmed; only the button does it, as programs open links of mails."""
    if request.method == "POST":
        context = {"check": confirm_email(token), "is_done": True}
    else:
        context = {"check": email_of(token)}
    response = render(request, "accounts/confirm_domain.html", context)
    response["Referrer-Policy"] = "same-origin"  # the address is a key
    return response


@require_safe
@login_required
def reviews(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_POST
@login_required
@shows_refusals
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    _require_staff(request)
    asked = get_object_or_404(Verification, pk=pk)
    try:
        note_review(
            asked,
            is_confirmed=request.POST.get("found") == "yes",
            reason=request.POST.get("reason", ""),
            by=request.user,
        )
    except DomainError as error:
        if not error.fields:
            raise
        return _show(request, wrong=pk, error=error)
    return redirect("accounts:reviews")


def _ask(request: HttpRequest, organisation: Organisation) -> None:
    method, by = request.POST.get("method", ""), request.user
    if method == Verification.Method.EMAIL:
        ask_by_email(organisation, request.POST.get("address", ""), by=by)
    elif method == Verification.Method.REGISTER:
        pk = request.POST.get("number", "")
        numbers = organisation.numbers.filter(pk=int(pk) if pk.isdecimal() else 0)
        ask_by_register(organisation, get_object_or_404(numbers), by=by)
    else:
        ask_by_domain(organisation, method, by=by)


def _require_staff(request: HttpRequest) -> None:
    if not getattr(request.user, "is_staff", False):
        raise Http404


def _show(request: HttpRequest, *, wrong: int = 0, error: Any = None) -> HttpResponse:
    _require_staff(request)
    waiting = Verification.objects.for_review().prefetch_related("reviews__staff")
    context = {
        "waiting": waiting[:SHOWN],
        "count": waiting.count(),
        "wrong": wrong,
        "error": error,
        "typed": request.POST,
    }
    status = error.status if error else 200
    return render(request, "accounts/reviews.html", context, status=status)
