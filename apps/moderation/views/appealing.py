"""Where an author appeals against a decision."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.consultations.views.reading import visible_consultation
from apps.core.views import refusal_of, shows_refusals
from apps.moderation import services
from apps.moderation.models import DEFINITIONS, Decision
from apps.moderation.sections import removed_words
from apps.submissions.models import Submission


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def appeal(request: HttpRequest, slug: str, decision_id: int) -> HttpResponse:
    """Show a decision to whom it is about, and take an appeal."""
    consultation = visible_consultation(request, slug)
    own = Submission.objects.belonging_to(request.user).of(consultation).values("pk")
    taken = Decision.objects.filter(case__submission__in=own, action__in=Decision.HIDING)
    decision = get_object_or_404(taken.select_related("case__submission", "appeal"), pk=decision_id)
    decision.case.submission.consultation = consultation
    text, error = request.POST.get("text", ""), None
    if request.method == "POST":
        error = refusal_of(lambda: services.appeal(decision, text=text, by=request.user))
        if error is None:
            messages.success(request, _("Your appeal was sent. Another moderator looks at it."))
            return redirect("moderation:appeal", slug, decision_id)
    context = {
        "place": "consultations",
        "tab": "submissions",
        "consultation": consultation,
        "decision": decision,
        "definition": DEFINITIONS[decision.rule],
        "words": removed_words(decision),
        "lodged": getattr(decision, "appeal", None),
        "text": text,
        "error": error,
    }
    return render(request, "moderation/appeal.html", context, status=error.status if error else 200)
