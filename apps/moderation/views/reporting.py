"""Where a reader reports what breaks a rule."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from apps.consultations.views.reading import visible_consultation
from apps.core.views import refusal_of, shows_refusals
from apps.moderation.limiting import require_calm
from apps.moderation.models import DEFINITIONS, Rule
from apps.moderation.services import flag
from apps.moderation.texts import excerpt_of, parts_of
from apps.submissions.models import Submission

EXCERPT = 600


@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def report(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Ask which rule a part breaks, and put it before the moderators; nobody has to log in."""
    submission = reported(request, slug, reference)
    part = (request.POST or request.GET).get("part", "")
    if part not in parts_of(submission):
        raise Http404
    if request.method != "POST" and "reported" in request.GET:
        return render(request, "moderation/reported.html", _shown(submission))
    typed = {name: request.POST.get(name, "") for name in ("rule", "text")}
    context: dict[str, Any] = _shown(submission) | {
        "part": part,
        "rules": [(rule, DEFINITIONS[rule]) for rule in Rule],
        "typed": typed,
        "may_moderate": request.user.has_perm("consultations.moderate", submission.consultation),
    }
    if request.method == "POST":

        def said() -> None:
            require_calm(request)
            flag(submission, part, **typed, by=request.user)

        error = refusal_of(said)
        if error is None:
            # Opened again, the page that thanks for a report does not send it a second time.
            return redirect(f"{request.path}?{urlencode({'part': part, 'reported': 1})}")
        context["error"] = error
    context["excerpt"] = excerpt_of(submission, part)[:EXCERPT]
    status = context["error"].status if "error" in context else 200
    return render(request, "moderation/report.html", context, status=status)


def _shown(submission: Submission) -> dict[str, Any]:
    return {
        "place": "consultations",
        "tab": "submissions",
        "consultation": submission.consultation,
        "submission": submission,
    }


def reported(request: HttpRequest, slug: str, reference: str) -> Submission:
    """Return a filed submission that stands, or raise Http404."""
    consultation = visible_consultation(request, slug)
    if "\0" in reference:
        raise Http404
    filed = Submission.objects.visible_to(request.user).of(consultation)
    submission = get_object_or_404(filed, reference=reference, state=Submission.State.SUBMITTED)
    submission.consultation = consultation
    return submission
