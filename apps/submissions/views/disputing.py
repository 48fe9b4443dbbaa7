"""“I never wrote this”: the page behind the link of a mail, and where the host decides."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.consultations.models import Consultation, HostRole
from apps.consultations.rules import may_moderate
from apps.core.errors import DomainError
from apps.core.views import shows_refusals
from apps.submissions.models import Dispute, Submission
from apps.submissions.proving import read_token
from apps.submissions.services import decide_dispute, dismissed_before
from apps.submissions.services import disown as disown_submission


@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def disown(request: HttpRequest, token: str) -> HttpResponse:
    """Explain, then mark: programs that only follow links of mails change nothing."""
    found = _of_token(token)
    if found is None:
        return render(request, "submissions/disown.html", {"is_wrong": True}, status=404)
    submission, person = found
    if request.method == "POST":
        disown_submission(submission, by=person)
        return redirect("submissions:disown", token)
    submission.refresh_from_db()
    context = {"submission": submission, "decided": dismissed_before(submission, by=person)}
    return render(request, "submissions/disown.html", context)


@require_safe
@login_required
def disputes(request: HttpRequest, slug: str) -> HttpResponse:
    read = Consultation.objects.of_staff(request.user, HostRole.OVERSEERS)
    return _show(request, get_object_or_404(read, slug=slug))


@require_POST
@login_required
@shows_refusals
def decide(request: HttpRequest, slug: str, dispute_id: int) -> HttpResponse:
    consultation = _moderated(request, slug)
    dispute = get_object_or_404(Dispute, pk=dispute_id, submission__consultation=consultation)
    try:
        decide_dispute(
            dispute,
            outcome=request.POST.get("outcome", ""),
            reason=request.POST.get("reason", ""),
            by=request.user,
        )
    except DomainError as error:
        if not error.fields:
            raise
        return _show(request, consultation, wrong=dispute_id, error=error)
    return redirect("submissions:disputes", slug)


def _of_token(token: str) -> tuple[Submission, User | None] | None:
    try:
        return read_token(token)
    except (BadSignature, Submission.DoesNotExist):
        return None


def _moderated(request: HttpRequest, slug: str) -> Consultation:
    return get_object_or_404(Consultation.objects.moderated_by(request.user), slug=slug)


def _show(
    request: HttpRequest,
    consultation: Consultation,
    *,
    wrong: int | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    said = Dispute.objects.filter(submission__consultation=consultation)
    context: dict[str, Any] = {
        "consultation": consultation,
        "tab": "disputes",
        "may_decide": may_moderate(request.user, consultation),
        "open": list(said.filter(outcome="").select_related("submission")),
        "decided": list(said.exclude(outcome="").select_related("submission")[:50]),
        "outcomes": Dispute.Outcome.choices,
        "wrong": wrong,
        "error": error,
        "typed": request.POST,
    }
    status = error.status if error else 200
    return render(request, "submissions/disputes.html", context, status=status)
