"""Pages of organisations for their members: mine, a new one, who belongs to it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.errors import OrganisationMerged
from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Membership, Organisation
from apps.accounts.registers import Register
from apps.accounts.services import (
    OrganisationInput,
    change_details,
    change_role,
    decide_sign_off,
    register,
    remove_member,
)
from apps.core.display import display_text
from apps.core.errors import DomainError, NotAllowed
from apps.core.views import shows_refusals

GROUPS = [pair for pair in StakeholderGroup.choices if pair[0] != StakeholderGroup.INDIVIDUAL]


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    memberships = Membership.objects.filter(user=request.user.pk).select_related("organisation")
    context = {"place": "account", "memberships": memberships.order_by("organisation__name")}
    return render(request, "accounts/organisations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def new(request: HttpRequest) -> HttpResponse:
    typed, error = OrganisationInput(name="", group=""), None
    person: Any = request.user
    if request.method != "POST" and person.is_guest:
        messages.warning(request, _("You need an account to speak for an organisation."))
        address = reverse("accounts:become-account")
        return redirect(f"{address}?{urlencode({'next': request.path})}")
    if request.method == "POST":
        typed = _typed(request)
        try:
            made = register(typed, by=request.user)
            return redirect("accounts:members", made.slug)
        except DomainError as refusal:
            error = refusal
    return _show_form(request, "accounts/organisation_new.html", typed, error=error)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def details(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what an organisation says of itself."""
    organisation = own_organisation(request, slug)
    if not request.user.has_perm("accounts.manage", organisation):
        raise Http404
    typed, error = OrganisationInput.of(organisation), None
    if request.method == "POST":
        typed = _typed(request)
        try:
            changed = change_details(organisation, typed, by=request.user)
            messages.success(request, _told_of(changed))
            return redirect("accounts:members", slug)
        except NotAllowed:
            raise
        except DomainError as refusal:
            error = refusal
    page = "accounts/organisation_details.html"
    return _show_form(request, page, typed, error=error, organisation=organisation)


def _typed(request: HttpRequest) -> OrganisationInput:
    numbers = {value: request.POST.get(f"number-{value}", "") for value in Register.values}
    typed = {name: request.POST.get(name, "") for name in ("name", "group", "country", "website")}
    return OrganisationInput(**typed, numbers=numbers)


def _told_of(changed: Organisation) -> str:
    if changed.asked_name:
        return _("The rest was changed. A person looks at the new name before it is used.")
    return _("The details were changed.")


def _show_form(
    request: HttpRequest,
    template: str,
    typed: OrganisationInput,
    *,
    error: DomainError | None,
    organisation: Organisation | None = None,
) -> HttpResponse:
    told = error.fields if error else {}
    registers = [
        (value, label, typed.numbers.get(value, ""), told.get(f"numbers.{value}"))
        for value, label in Register.choices
    ]
    context = {
        "place": "account",
        "organisation": organisation,
        "typed": typed,
        "error": error,
        "groups": GROUPS,
        "registers": registers,
    }
    status = error.status if error else 200
    return render(request, template, context, status=status)


@require_safe
@login_required
@shows_refusals
def members(request: HttpRequest, slug: str) -> HttpResponse:
    return show_members(request, own_organisation(request, slug))


@require_POST
@login_required
@shows_refusals
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = own_organisation(request, slug)
    membership = get_object_or_404(organisation.memberships, pk=pk)
    try:
        change_role(membership, role=request.POST.get("role", ""), by=request.user)
    except NotAllowed:
        raise
    except DomainError as refusal:
        return show_members(request, organisation, error=refusal)
    messages.success(request, _("The role was changed."))
    return redirect("accounts:members", slug)


@require_POST
@login_required
@shows_refusals
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = own_organisation(request, slug)
    membership = get_object_or_404(organisation.memberships, pk=pk)
    is_own = membership.user_id == request.user.pk
    try:
        remove_member(membership, by=request.user)
    except NotAllowed:
        raise
    except DomainError as refusal:
        return show_members(request, organisation, error=refusal)
    if is_own:
        messages.success(request, _("You left the organisation. What it filed stays."))
        return redirect("accounts:organisations")
    messages.success(request, _("The member was removed. What was filed stays."))
    return redirect("accounts:members", slug)


@require_POST
@login_required
@shows_refusals
def sign_off_rule(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the organisation ask for a sign-off before anything is filed, or no longer."""
    organisation = own_organisation(request, slug)
    decide_sign_off(organisation, is_required="is_required" in request.POST, by=request.user)
    return redirect("accounts:members", slug)


def own_organisation(request: HttpRequest, slug: str) -> Organisation:
    """Return an organisation of the reader, also by the slug of a duplicate that became part of it.

    raises  Http404 for others, as where there is none; OrganisationMerged for a duplicate whose
            seats did not come along
    """
    own = Organisation.objects.with_member(request.user).prefetch_related("numbers").called(slug)
    if own is not None:
        return own
    whole = get_object_or_404(Organisation, merged__slug=slug)
    refusal = OrganisationMerged(
        _("This organisation is part of %(name)s now. A signatory there can invite you.")
        % {"name": display_text(whole.name)}
    )
    refusal.page = reverse("submissions:organisation", args=[whole.slug])
    raise refusal


def show_members(
    request: HttpRequest,
    organisation: Organisation,
    *,
    error: DomainError | None = None,
    typed: Any = None,
) -> HttpResponse:
    """Show who belongs to an organisation, with what was refused and what was typed."""
    seats = organisation.memberships.select_related("user").order_by("created_at", "id")
    context = {
        "place": "account",
        "organisation": organisation,
        "memberships": seats,
        "invitations": organisation.invitations.with_delivery(),
        "roles": Membership.Role.choices,
        "may_manage": request.user.has_perm("accounts.manage", organisation),
        "error": error,
        "typed": typed or {"role": Membership.Role.DRAFTER},
    }
    status = error.status if error else 200
    return render(request, "accounts/members.html", context, status=status)
