"""A submitter changes what was filed: revises it, or withdraws it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.consultations.views.reading import visible_consultation
from apps.core.views import shows_refusals
from apps.submissions.models import Submission
from apps.submissions.services import start_revision, withdraw
from apps.submissions.views.entries import respond_address


@require_POST
@login_required
@shows_refusals
def revise(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    submission = own_submission(request, slug, reference)
    draft = start_revision(submission, by=request.user)
    return redirect(respond_address(submission.consultation, draft.organisation, kind=draft.kind))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def withdrawal(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    submission = own_submission(request, slug, reference)
    if request.method == "POST":
        return redirect(withdraw(submission, by=request.user).get_absolute_url())
    context = {
        "consultation": submission.consultation,
        "tab": "submissions",
        "submission": submission,
        "is_open": _is_open(submission),
    }
    return render(request, "submissions/withdraw.html", context)


def own_submission(request: HttpRequest, slug: str, reference: str) -> Submission:
    """Return what the person or one of the person's organisations filed, or raise Http404."""
    consultation = visible_consultation(request, slug)
    if "\0" in reference:
        raise Http404
    mine = Submission.objects.on_record().belonging_to(request.user)
    submission = get_object_or_404(
        mine.select_related("organisation", "withheld_for"),
        consultation=consultation,
        reference=reference,
    )
    submission.consultation = consultation
    return submission


def _is_open(submission: Submission) -> bool:
    phase = submission.consultation.phase_for(submission.kind)
    return phase is not None and phase.is_open
