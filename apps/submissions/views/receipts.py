"""What was filed: its page and its receipt."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.accounts.models import Organisation
from apps.audit.models import Receipt
from apps.consultations.views import visible_consultation
from apps.submissions.models import SignOff, Submission
from apps.submissions.services import (
    content_of,
    receipt_content,
)
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
    body = {
        "number": receipt.number,
        "consultation": receipt.title,
        "filed_at": receipt.filed_at.isoformat(),
        "commitment": receipt.commitment,
        "salt": bytes(receipt.salt or b"").hex(),
        "how": "commitment = HMAC-SHA256(salt, canonical JSON of content)",
        "content": receipt_content(submission, content_of(submission)),
    }
    answer = JsonResponse(body, json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{receipt.number}.json"'
    return answer


def _filed(request: HttpRequest, slug: str, reference: str) -> tuple[Submission, Receipt]:
    consultation = visible_consultation(request, slug)
    if "\0" in reference:
        raise Http404
    mine = Submission.objects.filter(author=request.user.pk) | Submission.objects.filter(
        organisation__in=Organisation.objects.with_member(request.user)
    )
    submission = get_object_or_404(mine.distinct(), consultation=consultation, reference=reference)
    submission.consultation = consultation
    return submission, get_object_or_404(Receipt, number=reference)
