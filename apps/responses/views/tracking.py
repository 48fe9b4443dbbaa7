"""Where staff promises how much it will answer, says that it has, and tracks what follows."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.consultations.models import Consultation
from apps.consultations.views.workspace import edited_consultation
from apps.core.errors import DomainError
from apps.core.views import refusal_of, shows_refusals
from apps.responses.counting import share_of
from apps.responses.models import Completion, Milestone, Promise
from apps.responses.services import (
    MilestoneEntry,
    PromiseEntry,
    add_milestone,
    change_milestone,
    mark_answered,
    promise,
    take_back_answered,
)

FIELDS = ("title", "due_on", "state", "note", "done_on")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def promised(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and change the promise; mark the consultation answered from here."""
    consultation = edited_consultation(request, slug)
    typed = PromiseEntry.of(Promise.objects.filter(consultation=consultation).first())
    error = None
    if request.method == "POST":
        typed = PromiseEntry(request.POST.get("share", ""), request.POST.get("due_on", ""))
        error = refusal_of(lambda: promise(consultation, typed, by=request.user))
        if error is None:
            messages.success(request, _("The promise was saved."))
            return redirect("responses:promise", slug)
    return _show_promise(request, consultation, typed, error=error)


@require_POST
@login_required
@shows_refusals
def answered(request: HttpRequest, slug: str) -> HttpResponse:
    """Mark the consultation answered; say how much is missing where it is too early."""
    consultation = edited_consultation(request, slug)
    error = refusal_of(lambda: mark_answered(consultation, by=request.user))
    if error is not None:
        typed = PromiseEntry.of(Promise.objects.filter(consultation=consultation).first())
        return _show_promise(request, consultation, typed, error=error)
    messages.success(request, _("Everybody sees now that this consultation is answered."))
    return redirect("responses:promise", slug)


@require_POST
@login_required
@shows_refusals
def taken_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the mark back, with a reason everybody reads."""
    consultation = edited_consultation(request, slug)
    reason = request.POST.get("reason", "")
    error = refusal_of(lambda: take_back_answered(consultation, reason, by=request.user))
    if error is not None:
        typed = PromiseEntry.of(Promise.objects.filter(consultation=consultation).first())
        return _show_promise(request, consultation, typed, error=error, reason=reason)
    messages.success(request, _("This consultation is no longer marked as answered."))
    return redirect("responses:promise", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def milestones(request: HttpRequest, slug: str) -> HttpResponse:
    """List what follows the answers, and add to it."""
    consultation = edited_consultation(request, slug)
    typed, error = MilestoneEntry(""), None
    if request.method == "POST":
        typed = _typed(request)
        error = refusal_of(lambda: add_milestone(consultation, typed, by=request.user))
        if error is None:
            messages.success(request, _("The milestone was added."))
            return redirect("responses:milestones", slug)
    context = {"milestones": consultation.milestones.all()}
    return _show(request, "milestones", consultation, {**context, "typed": typed}, error=error)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def milestone(request: HttpRequest, slug: str, milestone_id: int) -> HttpResponse:
    """Change one, finish it or drop it."""
    consultation = edited_consultation(request, slug)
    there = get_object_or_404(consultation.milestones, pk=milestone_id)
    typed, error = MilestoneEntry.of(there), None
    if request.method == "POST":
        typed = _typed(request)
        error = refusal_of(lambda: change_milestone(there, typed, by=request.user))
        if error is None:
            messages.success(request, _("The milestone was saved."))
            return redirect("responses:milestones", slug)
    return _show(request, "milestone", consultation, {"typed": typed}, error=error)


def _typed(request: HttpRequest) -> MilestoneEntry:
    texts = {name: request.POST.get(name, "") for name in FIELDS}
    return MilestoneEntry(**{**texts, "state": texts["state"] or Milestone.State.PLANNED.value})


def _show_promise(
    request: HttpRequest,
    consultation: Consultation,
    typed: PromiseEntry,
    *,
    error: DomainError | None,
    reason: str = "",
) -> HttpResponse:
    context = {
        "typed": typed,
        "reason": reason,
        "promise": Promise.objects.filter(consultation=consultation).first(),
        "share": share_of(consultation),
        "completion": Completion.objects.filter(consultation=consultation).first(),
    }
    return _show(request, "promise", consultation, context, error=error)


def _show(
    request: HttpRequest,
    page: str,
    consultation: Consultation,
    context: dict[str, Any],
    *,
    error: DomainError | None,
) -> HttpResponse:
    frame = {"consultation": consultation, "tab": "responses", "error": error}
    frame["states"] = Milestone.State.choices
    status = error.status if error else 200
    return render(request, f"responses/{page}.html", {**frame, **context}, status=status)
