"""What was filed: its page and its receipt."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.audit.models import Receipt
from apps.consultations.views.reading import visible_consultation
from apps.submissions.forms import ResponseForm
from apps.submissions.models import SignOff, Submission, Visibility
from apps.submissions.services import confided, proof_of
from apps.submissions.views.together import parties_shown


@require_safe
@login_required
def filed(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    submission, receipt = _filed(request, slug, reference)
    context = {
        "consultation": submission.consultation,
        "tab": "respond",
        "submission": submission,
        "receipt": receipt,
        "files": submission.attachments.in_order(),
    }
    context |= parties_shown(submission, by=request.user)
    context["sign_off"] = (
        SignOff.objects.filter(draft=submission).select_related("signed_by").first()
    )
    context["left_out"] = submission.parties.left_out().select_related("organisation")
    return render(request, "submissions/filed.html", context)


@require_safe
@login_required
def receipt_file(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    submission, receipt = _filed(request, slug, reference)
    body = proof_of(submission, receipt)
    answer = JsonResponse(body, json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{receipt.number}.json"'
    return answer


@never_cache
@require_safe
@login_required
def original(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Show what was filed with what the public does not read: to its owner, and to the host."""
    consultation = visible_consultation(request, slug)
    if "\0" in reference:
        raise Http404
    shown = Submission.objects.confided_to(request.user).on_record()
    shown = shown.exclude(state=Submission.State.WITHDRAWN)
    submission = get_object_or_404(
        shown.exclude(visibility=Visibility.NAMED).select_related("organisation", "withheld_for"),
        consultation=consultation,
        reference=reference,
    )
    content = confided(submission, request.user)
    context = {
        "consultation": consultation,
        "tab": "submissions",
        "submission": submission,
        "form": ResponseForm(consultation, content, group=submission.group),
        "files": submission.attachments.in_order(),
    }
    return render(request, "submissions/original.html", context)


def _filed(request: HttpRequest, slug: str, reference: str) -> tuple[Submission, Receipt]:
    consultation = visible_consultation(request, slug)
    if "\0" in reference:
        raise Http404
    mine = Submission.objects.belonging_to(request.user)
    submission = get_object_or_404(mine, consultation=consultation, reference=reference)
    submission.consultation = consultation
    return submission, get_object_or_404(Receipt, number=reference)
