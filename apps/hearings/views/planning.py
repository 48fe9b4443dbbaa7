"""Where staff plans hearings: the list, a new one, and what is said of one."""

from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.consultations.clocks import clock_in
from apps.consultations.models import Consultation
from apps.consultations.views.workspace import edited_consultation
from apps.core.errors import DomainError
from apps.core.languages import language_choices
from apps.core.views import refusal_of, shows_refusals
from apps.hearings.models import Hearing
from apps.hearings.services import HearingInput, change_hearing, create_hearing


def edited_hearing(request: HttpRequest, slug: str, hearing_slug: str) -> Hearing:
    """Return a hearing of a consultation the reader may edit; raise Http404 for others."""
    consultation = edited_consultation(request, slug)
    found = get_object_or_404(consultation.hearings, slug=hearing_slug)
    found.consultation = consultation
    return found


def show(
    request: HttpRequest,
    page: str,
    consultation: Consultation,
    context: dict[str, Any],
    *,
    error: DomainError | None = None,
) -> HttpResponse:
    """Answer with a page of the workspace, in the status of what was refused."""
    frame = {"consultation": consultation, "tab": "hearings", "error": error}
    status = error.status if error else 200
    template = f"hearings/workspace/{page}.html"
    return render(request, template, {**frame, **context}, status=status)


@require_safe
@login_required
@shows_refusals
def hearings(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = edited_consultation(request, slug)
    return show(request, "list", consultation, {"hearings": consultation.hearings.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def new(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = edited_consultation(request, slug)
    typed, error = HearingInput("", language=consultation.language), None
    if request.method == "POST":
        typed, made = _typed(request), list[Hearing]()
        error = refusal_of(
            lambda: made.append(create_hearing(consultation, typed, by=request.user))
        )
        if made:
            messages.success(
                request, _("It is planned. Write the agenda, then announce it to everybody.")
            )
            return redirect("hearings:manage", slug, made[0].slug)
    return _form(request, consultation, None, typed, error=error)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def change(request: HttpRequest, slug: str, hearing_slug: str) -> HttpResponse:
    found = edited_hearing(request, slug, hearing_slug)
    typed, error = HearingInput.of(found), None
    if request.method == "POST":
        typed = _typed(request)
        error = refusal_of(lambda: change_hearing(found, typed, by=request.user))
        if error is None:
            messages.success(request, _("Saved."))
            return redirect("hearings:manage", slug, hearing_slug)
    return _form(request, found.consultation, found, typed, error=error)


def _typed(request: HttpRequest) -> HearingInput:
    texts = {
        field.name: request.POST.get(field.name, "").replace("\r\n", "\n").strip()
        for field in fields(HearingInput)
    }
    return HearingInput(**texts)


def _form(
    request: HttpRequest,
    consultation: Consultation,
    found: Hearing | None,
    typed: HearingInput,
    *,
    error: DomainError | None,
) -> HttpResponse:
    context = {
        "hearing": found,
        "typed": typed,
        "languages": language_choices(),
        "now": clock_in(consultation.zone),
    }
    return show(request, "form", consultation, context, error=error)
