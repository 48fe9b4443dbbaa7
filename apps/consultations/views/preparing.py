"""Where a consultation is prepared: details, dates, background, translations, readiness."""

from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.groups import StakeholderGroup
from apps.consultations.clocks import clock_in
from apps.consultations.models import Consultation, HostRole, Phase
from apps.consultations.plainness import plainness_of
from apps.consultations.readiness import readiness_of
from apps.consultations.rules import may_edit
from apps.consultations.services import (
    BackgroundInput,
    DetailsInput,
    PhaseEntry,
    add_background,
    change_details,
    close_early,
    publish,
    remarks_on,
    remove_background,
    schedule,
    time_zones,
    translate,
)
from apps.consultations.services.scheduling import MOST_PHASES
from apps.consultations.translating import translated
from apps.consultations.views.confirming import Consequence, unconfirmed
from apps.consultations.views.workspace import edited_consultation, read_consultation, show
from apps.core.errors import DomainError
from apps.core.forms import whole_number
from apps.core.languages import language_choices
from apps.core.views import refusal_of, shows_refusals

NEW_ROWS = 1
REMOVE = Consequence(
    gettext_lazy("Remove this document?"),
    gettext_lazy("Readers no longer find it. A file is deleted; you would have to add it again."),
    gettext_lazy("Remove it"),
)
PHASE_FIELDS = ("kind", "opens", "closes", "title")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def details(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = edited_consultation(request, slug)
    typed, error = DetailsInput.of(consultation), None
    if request.method == "POST":
        texts = {one.name: request.POST.get(one.name, "") for one in fields(DetailsInput)}
        chosen = request.POST.getlist("languages")
        typed = DetailsInput(**{**texts, "languages": chosen})  # type: ignore[arg-type]
        error = refusal_of(lambda: change_details(consultation, typed, by=request.user))
        if error is None:
            messages.success(request, _("Saved."))
            return redirect("consultations:details", slug)
    context = {
        "consultation": consultation,
        "tab": "details",
        "typed": typed,
        "kinds": Consultation.Kind.choices,
        "languages": language_choices(),
        "time_zones": time_zones(),
    }
    return show(request, "details", context, error=error)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def dates(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan the phases; once published, a change needs a reason."""
    consultation = edited_consultation(request, slug)
    entries = [PhaseEntry.of(phase, consultation) for phase in consultation.phases.all()]
    error = None
    if request.method == "POST":
        entries = _typed_phases(request)
        saved: list[Phase] = []
        reason = request.POST.get("reason", "")
        error = refusal_of(
            lambda: saved.extend(schedule(consultation, entries, reason=reason, by=request.user))
        )
        if error is None:
            messages.success(request, _("The dates were saved."))
            for remark in remarks_on(saved, consultation.time_zone):
                messages.warning(request, remark)
            return redirect("consultations:schedule", slug)
    return _show_dates(request, consultation, entries, error=error)


@require_POST
@login_required
@shows_refusals
def close(request: HttpRequest, slug: str, phase_id: int) -> HttpResponse:
    """Close an open phase now."""
    consultation = edited_consultation(request, slug)
    phase = get_object_or_404(consultation.phases, pk=phase_id)
    phase.consultation = consultation
    reason = request.POST.get("closing-reason", "")
    error = refusal_of(lambda: close_early(phase, reason=reason, by=request.user))
    if error is None:
        messages.success(request, _("The phase is closed. Whoever was typing has 10 minutes left."))
        return redirect("consultations:schedule", slug)
    entries = [PhaseEntry.of(one, consultation) for one in consultation.phases.all()]
    return _show_dates(request, consultation, entries, error=error, closing=phase)


def _typed_phases(request: HttpRequest) -> list[PhaseEntry]:
    """Return the rows somebody filled in; an empty new row and one marked to go are none."""
    rows = []
    # One more than there may be is read, for the service to refuse it.
    for number in range(min(whole_number(request.POST.get("rows", "")) or 0, MOST_PHASES) + 1):
        typed = {name: request.POST.get(f"phases.{number}.{name}", "") for name in PHASE_FIELDS}
        pk = whole_number(request.POST.get(f"phases.{number}.pk", ""))
        is_gone = f"phases.{number}.gone" in request.POST
        if not is_gone and (pk or typed["opens"] or typed["closes"] or typed["title"]):
            rows.append(PhaseEntry(**typed, pk=pk))
    return rows


def _show_dates(
    request: HttpRequest,
    consultation: Consultation,
    entries: list[PhaseEntry],
    *,
    error: DomainError | None,
    closing: Phase | None = None,
) -> HttpResponse:
    told = error.fields if error else {}
    known = {phase.pk: phase for phase in consultation.phases.all()}
    blank = [PhaseEntry(kind="", opens="")] * NEW_ROWS
    rows = [
        {
            "number": number,
            "entry": entry,
            "phase": known.get(entry.pk or 0),
            "told": {name: told.get(f"phases.{number}.{name}") for name in PHASE_FIELDS},
        }
        for number, entry in enumerate([*entries, *blank])
    ]
    context = {
        "consultation": consultation,
        "tab": "schedule",
        "rows": rows,
        "kinds": Phase.Kind.choices,
        "reason": request.POST.get("reason", ""),
        "closing": closing,
        "closing_reason": request.POST.get("closing-reason", ""),
        "now": clock_in(consultation.zone),
    }
    return show(request, "schedule", context, error=error)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def background(request: HttpRequest, slug: str) -> HttpResponse:
    """List what to read before answering, and name more."""
    consultation = edited_consultation(request, slug)
    typed, error = dict.fromkeys(("title", "summary", "url"), ""), None
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        sent = request.FILES.get("file")
        name = str(sent.name) if sent is not None else ""
        entered = BackgroundInput(**typed, file=sent and sent.file, file_name=name)
        error = refusal_of(lambda: add_background(consultation, entered, by=request.user))
        if error is None:
            messages.success(request, _("Added."))
            return redirect("consultations:background", slug)
    rows = consultation.background.all()
    context = {"consultation": consultation, "tab": "background", "rows": rows, "typed": typed}
    return show(request, "background", context, error=error)


@require_POST
@login_required
@shows_refusals
def background_gone(request: HttpRequest, slug: str, background_id: int) -> HttpResponse:
    consultation = edited_consultation(request, slug)
    row = get_object_or_404(consultation.background, pk=background_id)
    back = reverse("consultations:background", args=[slug])
    if page := unconfirmed(request, REMOVE, about=row.title, back=back):
        return page
    remove_background(row, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("consultations:background", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def translation(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Translate the texts of a consultation, each beside its original."""
    consultation = edited_consultation(request, slug)
    if language not in consultation.languages:
        raise Http404
    rows, error = translated(consultation, language), None
    if request.method == "POST":
        typed = {
            row.place.name: request.POST[row.place.name]
            for row in rows
            if row.place.name in request.POST and _is_touched(request, row)
        }
        error = refusal_of(lambda: translate(consultation, language, typed, by=request.user))
        if error is None:
            messages.success(request, _("The translation was saved."))
            return redirect("consultations:translation", slug, language)
    context: dict[str, Any] = {
        "consultation": consultation,
        "tab": "details",
        "language": language,
        "rows": [(row, request.POST.get(row.place.name, row.text)) for row in rows],
        "left": sum(row.state != "done" for row in rows),
    }
    return show(request, "translation", context, error=error)


def _is_touched(request: HttpRequest, row: Any) -> bool:
    """Return whether a text was changed, or an old one was confirmed for the new original."""
    typed = request.POST[row.place.name].replace("\r\n", "\n").strip()
    return typed != row.text or f"still-right:{row.place.name}" in request.POST


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def readiness(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is open before a consultation is published, and publish it."""
    consultation = read_consultation(request, slug, HostRole.CHECKERS)
    may_publish = may_edit(request.user, consultation)
    error = None
    if request.method == "POST":
        if not may_publish:
            raise Http404
        reason = request.POST.get("reason", "")
        error = refusal_of(lambda: publish(consultation, reason=reason, by=request.user))
        if error is None:
            messages.success(request, _("Published. Everybody can read it now."))
            return redirect("consultations:detail", slug)
    items = readiness_of(consultation)
    left = sum(item.is_open for item in items)
    context = {
        "consultation": consultation,
        "tab": "readiness",
        "may_publish": may_publish,
        "items": items,
        "plainness": plainness_of(consultation),
        "left": left,
        "heading": ngettext("%(n)d thing is open", "%(n)d things are open", left) % {"n": left},
        "is_blocked": any(item.state == "blocking" for item in items),
        "reason": request.POST.get("reason", ""),
    }
    return show(request, "readiness", context, error=error)


@require_safe
@login_required
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what each group would see: texts in preparation and the questions asked of it."""
    consultation = edited_consultation(request, slug)
    group = request.GET.get("group", "")
    group = group if group in StakeholderGroup.values else ""
    asked = consultation.questions.asked().order_by("position").prefetch_related("choices")
    questions = [one for one in asked if not group or one.is_asked_of(group)]
    texts = [
        (document, list(document.draft_provisions.all()) or _published(document))
        for document in consultation.documents.all()
    ]
    context = {
        "consultation": consultation,
        "tab": "readiness",
        "group": group,
        "groups": StakeholderGroup.choices,
        "questions": questions,
        "names": {one.key: one.text for one in asked},
        "not_asked": len(asked) - len(questions),
        "texts": [(document, provisions) for document, provisions in texts if provisions],
        "background": consultation.background.all(),
    }
    return show(request, "preview", context)


def _published(document: Any) -> list[Any]:
    newest = document.versions.order_by("-number").first()
    return list(newest.provisions.order_by("position")) if newest else []
