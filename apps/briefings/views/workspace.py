"""Briefings in the making, in the workspace of a host's staff."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.briefings.models import Briefing
from apps.briefings.services import retry_briefing, start_briefing
from apps.briefings.stages import STAGES, stage_label
from apps.consultations.models import Consultation
from apps.consultations.rules import may_analyse
from apps.core.errors import DomainError
from apps.jobs.models import Job
from apps.jobs.services import progress_of

STOP_POLLING = 286  # htmx stops asking when it gets this status
UNCHANGED = 204  # htmx leaves the page as it is, and a screen reader is not interrupted


def leads_back(act: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a refusal with a page that leads back to the consultation in the workspace."""

    @wraps(act)
    def answered(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return act(request, slug, *args, **kwargs)
        except DomainError as error:
            back = reverse("consultations:workspace-consultation", args=[slug])
            context = {"message": error.message, "back": back}
            return render(request, "core/refused.html", context, status=error.status)

    return answered


@require_POST
@login_required
@leads_back
def start(request: HttpRequest, slug: str) -> HttpResponse:
    briefing = start_briefing(_own(request, slug), by=request.user)
    return redirect("briefings:progress", slug, briefing.version)


@require_safe
@login_required
def progress(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    consultation = _own(request, slug)
    briefing = _version(consultation, version)
    now = progress_of(briefing.job_key, stages=STAGES)
    is_over = briefing.state != Briefing.State.BUILDING
    context: dict[str, Any] = {
        "consultation": consultation,
        "tab": "workspace",
        "briefing": briefing,
        "progress": now,
        "percent": 100 if briefing.state == Briefing.State.READY else int(100 * now.share),
        "stage": stage_label(now.stage),
        "is_over": is_over,
        "may_retry": may_analyse(request.user, consultation),
    }
    if briefing.state == Briefing.State.FAILED:
        # Jobs that only waited for the one that failed died with it.
        died = Job.objects.of(briefing.job_key).dead().exclude(error_class="PartDied").first()
        context["failed_stage"] = stage_label(died.kind) if died else ""
    seen = f"{context['percent']}-{now.stage}-{now.done}-{now.total}-{briefing.state}"
    context["seen"] = seen
    if "HX-Request" not in request.headers:
        return render(request, "briefings/progress.html", context)
    if not is_over and request.GET.get("seen") == seen:
        return HttpResponse(status=UNCHANGED)
    status = STOP_POLLING if is_over else 200
    return render(request, "briefings/_progress.html", context, status=status)


@require_POST
@login_required
@leads_back
def retry(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    briefing = _version(_own(request, slug), version)
    retry_briefing(briefing, by=request.user)
    return redirect("briefings:progress", slug, version)


def _own(request: HttpRequest, slug: str) -> Consultation:
    own = Consultation.objects.in_workspace_of(request.user).with_phases()
    return get_object_or_404(own, slug=slug)


def _version(consultation: Consultation, version: int) -> Briefing:
    return get_object_or_404(consultation.briefings.defer("content"), version=version)
