"""The workspace of a host's staff: its consultations, a new one, one of them."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import Organisation, Verification
from apps.consultations.models import Consultation, Host, Identity
from apps.consultations.outlines import OUTLINES
from apps.consultations.readiness import readiness_of
from apps.consultations.rules import may_edit
from apps.consultations.sections import sections_of
from apps.consultations.services import (
    StartInput,
    choose_identity,
    clone_consultation,
    hosts_edited_by,
    next_docket,
    start_consultation,
    time_zones,
    usual_time_zone,
)
from apps.consultations.standing import standing_of
from apps.core.errors import DomainError
from apps.core.keyset import paginate
from apps.core.languages import language_choices
from apps.core.views import refusal_of, shows_refusals

PAGE_SIZE = 30


def own_consultation(request: HttpRequest, slug: str) -> Consultation:
    """Return a consultation of the reader's host; raise Http404 for others, as where none is."""
    own = Consultation.objects.in_workspace_of(request.user).with_phases()
    return get_object_or_404(own, slug=slug)


def edited_consultation(request: HttpRequest, slug: str) -> Consultation:
    """Return a consultation the reader may edit; raise Http404 for others."""
    edited = Consultation.objects.edited_by(request.user).with_phases()
    return get_object_or_404(edited, slug=slug)


def read_consultation(request: HttpRequest, slug: str, roles: Collection[str]) -> Consultation:
    """Return a consultation the reader holds one of the roles for; raise Http404 for others."""
    read = Consultation.objects.of_staff(request.user, roles).with_phases()
    return get_object_or_404(read, slug=slug)


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    error: DomainError | None = None,
) -> HttpResponse:
    """Answer with a page of the workspace, in the status of what was refused."""
    page = f"consultations/workspace/{template}.html"
    status = error.status if error else 200
    return render(request, page, {**context, "error": error}, status=status)


@require_safe
@login_required
@shows_refusals
def workspace(request: HttpRequest) -> HttpResponse:
    hosts = list(Host.objects.filter(roles__user=request.user.pk).distinct().order_by("name"))
    is_staff = getattr(request.user, "is_staff", False)
    if not hosts and not is_staff:
        raise Http404
    own = Consultation.objects.in_workspace_of(request.user).with_phases()
    page = paginate(own, after=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {
        "listed": [(one, standing_of(one)) for one in page.items],
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
        "hosts": hosts,
        "may_start": bool(hosts_edited_by(request.user)),
    }
    if is_staff:
        names, numbers = Organisation.objects.held(), Verification.objects.for_review()
        context |= {"names": names.count(), "numbers": numbers.count()}
    return show(request, "list", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def new(request: HttpRequest) -> HttpResponse:
    """Begin a consultation from an outline of its kind."""
    hosts = hosts_edited_by(request.user)
    if not hosts:
        raise Http404
    host = next((one for one in hosts if one.slug == request.POST.get("host")), hosts[0])
    typed = StartInput(
        title="",
        language=get_language() or "en",
        time_zone=usual_time_zone(host),
        docket=next_docket(),
    )
    error, made = None, []
    if request.method == "POST":
        typed = StartInput(**{name: request.POST.get(name, "") for name in vars(typed)})
        error = refusal_of(lambda: made.append(start_consultation(host, typed, by=request.user)))
        if made:
            messages.success(
                request,
                _("It was begun with the phases and questions of its kind. Change what you like."),
            )
            return redirect("consultations:workspace-consultation", made[0].slug)
    context = {
        "typed": typed,
        "outlines": OUTLINES.values(),
        "hosts": hosts,
        "host": host,
        "languages": language_choices(),
        "time_zones": time_zones(),
    }
    return show(request, "new", context, error=error)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def clone(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a consultation with everything an earlier one asks."""
    source = edited_consultation(request, slug)
    typed = {"title": source.title, "docket": next_docket()}
    error, made = None, []
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        error = refusal_of(
            lambda: made.append(clone_consultation(source, **typed, by=request.user))
        )
        if made:
            messages.success(request, _("It was begun with everything the earlier one asks."))
            return redirect("consultations:workspace-consultation", made[0].slug)
    context = {"consultation": source, "tab": "workspace", "typed": typed}
    return show(request, "clone", context, error=error)


@require_safe
@login_required
def one(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own_consultation(request, slug)
    edits = may_edit(request.user, consultation)
    is_draft = consultation.published_at is None
    items = [item for item in readiness_of(consultation) if item.is_open] if is_draft else []
    context = {
        "consultation": consultation,
        "tab": "workspace",
        "may_edit": edits,
        "items": items,
        "sections": sections_of("workspace", consultation, request.user),
    }
    return show(request, "one", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def identity(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the host decide who may respond."""
    consultation = own_consultation(request, slug)
    if request.method == "POST":
        chosen = request.POST.get("least_identity", "")
        choose_identity(consultation, chosen, by=request.user)
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("consultations:identity", slug)
    context = {
        "consultation": consultation,
        "tab": "details",
        "identities": Identity.choices,
        "may_edit": may_edit(request.user, consultation),
    }
    return show(request, "identity", context)
