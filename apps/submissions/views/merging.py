"""Pages on which an organisation that was registered twice becomes one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.errors import InvalidOrganisation
from apps.accounts.models import Organisation, OrganisationQuerySet
from apps.core.errors import DomainError, NotAllowed
from apps.core.views import shows_refusals
from apps.submissions.services import merge_organisations

TYPED = ("duplicate", "into", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def merge(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a signatory of both merge the one of this address into the other."""
    own = Organisation.objects.with_signatory(request.user)
    duplicate = get_object_or_404(own, slug=slug)
    others = own.filter(state=Organisation.State.LISTED).exclude(pk=duplicate.pk)
    context = {"organisation": duplicate, "others": others.order_by("name")}
    typed = _typed(request) | {"duplicate": slug}
    return _merged_or_shown(request, "submissions/merge.html", typed, among=own, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def merge_any(request: HttpRequest) -> HttpResponse:
    """Let operations staff merge two organisations by the addresses of their pages."""
    if not getattr(request.user, "is_staff", False):
        raise Http404
    everybody = Organisation.objects.all()
    typed = _typed(request)
    return _merged_or_shown(request, "submissions/merge_any.html", typed, among=everybody)


def _typed(request: HttpRequest) -> dict[str, str]:
    sent = request.POST if request.method == "POST" else request.GET
    return {name: sent.get(name, "") for name in TYPED}


def _merged(
    request: HttpRequest, typed: dict[str, str], among: OrganisationQuerySet
) -> HttpResponse:
    """Merge the two that were named; raise InvalidOrganisation where one is not among those."""
    if "reason" in request.POST and not typed["reason"].strip():
        # A page that asks for a reason, which the members read, gets one from everybody.
        told = _("Say why. Its members read this.")
        raise InvalidOrganisation(told, fields={"reason": [told]})
    duplicate, into = (_named(among, typed[name], name) for name in ("duplicate", "into"))
    whole = merge_organisations(duplicate, into, reason=typed["reason"], by=request.user)
    told = _("%(duplicate)s is part of %(name)s now.")
    messages.success(request, told % {"duplicate": duplicate.name, "name": whole.name})
    return redirect("submissions:organisation", whole.slug)


def _named(among: OrganisationQuerySet, address: str, field: str) -> Organisation:
    """Return what a slug or the address of a page names."""
    slug = address.strip().rstrip("/").rpartition("/")[2]
    found = among.filter(slug=slug).first()
    if not slug:
        raise InvalidOrganisation(_("Choose one."), fields={field: [_("Choose one.")]})
    if found is None:
        told = _("There is no organisation of this address. Copy it from its public page.")
        raise InvalidOrganisation(told, fields={field: [told]})
    return found


def _merged_or_shown(
    request: HttpRequest,
    template: str,
    typed: dict[str, str],
    *,
    among: OrganisationQuerySet,
    **context: Any,
) -> HttpResponse:
    error = None
    if request.method == "POST":
        try:
            return _merged(request, typed, among)
        except NotAllowed:
            raise
        except DomainError as refusal:
            error = refusal
    context |= {"place": "account", "typed": typed, "error": error}
    return render(request, template, context, status=error.status if error else 200)
