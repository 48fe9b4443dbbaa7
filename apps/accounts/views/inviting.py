"""Pages of invitations: offered and taken back by a signatory, answered by whoever got the mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.services import (
    accept_invitation,
    decline_invitation,
    invitation_of,
    invite,
    is_for,
    withdraw_invitation,
)
from apps.accounts.views.organisations import own_organisation, show_members
from apps.core.errors import DomainError, NotAllowed
from apps.core.views import shows_refusals


@require_POST
@login_required
@shows_refusals
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = own_organisation(request, slug)
    typed = {name: request.POST.get(name, "") for name in ("email", "role")}
    try:
        invite(organisation, typed["email"], role=typed["role"], by=request.user)
    except NotAllowed:
        raise
    except DomainError as refusal:
        return show_members(request, organisation, error=refusal, typed=typed)
    messages.success(request, _("The invitation is on its way. It holds for 14 days."))
    return redirect("accounts:members", slug)


@require_POST
@login_required
@shows_refusals
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = own_organisation(request, slug)
    withdraw_invitation(get_object_or_404(organisation.invitations, pk=pk), by=request.user)
    messages.success(request, _("The invitation was withdrawn."))
    return redirect("accounts:members", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Say what is offered; only a button takes or refuses it, as programs open links of mails."""
    found = invitation_of(token)
    if request.method == "POST" and request.POST.get("then") == "decline":
        decline_invitation(token)
        return render(request, "accounts/invitation.html", {"is_declined": True})
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        membership = accept_invitation(token, by=request.user)
        messages.success(request, _("You are a member now."))
        return redirect("accounts:members", membership.organisation.slug)
    context = {"invitation": found, "is_for_reader": is_for(found, request.user)}
    response = render(request, "accounts/invitation.html", context)
    response["Referrer-Policy"] = "same-origin"  # the address is a key
    return response
