"""A submitter revises or withdraws what was filed, or discards a draft."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.consultations.views.reading import visible_consultation
from apps.core.views import shows_refusals
from apps.submissions.models import Submission
from apps.submissions.services import discard_draft, start_revision, withdraw
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


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Ask before a draft is deleted for good; a post does it."""
    drafts = Submission.objects.drafts_of(request.user)
    drafts = drafts.select_related("consultation", "organisation", "revises")
    draft = get_object_or_404(drafts, pk=draft_id)
    consultation, organisation, revises = draft.consultation, draft.organisation, draft.revises
    if request.method == "POST":
        discard_draft(draft, by=request.user)
        messages.success(request, _("The draft is discarded."))
        if revises is not None:
            revises.consultation = consultation
            return redirect(revises.get_absolute_url())
        return redirect("consultations:detail", consultation.slug)
    context = {
        "consultation": consultation,
        "tab": "replies" if draft.is_reply else "respond",
        "draft": draft,
        "has_parties": draft.parties.exists(),
        "back": respond_address(consultation, organisation, kind=draft.kind),
    }
    return render(request, "submissions/discard.html", context)


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
