"""A person responds: enter, check, submit, keep the receipt."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.audit.models import Receipt
from apps.consultations.models import Consultation
from apps.consultations.views import visible_consultation
from apps.core.errors import DomainError
from apps.submissions.drafting import DraftInput, PointInput
from apps.submissions.errors import AlreadyFiled, PhaseClosed
from apps.submissions.forms import ResponseForm, content_from, group_of
from apps.submissions.models import Submission
from apps.submissions.services import (
    content_of,
    receipt_content,
    save_draft,
    start_draft,
    submit,
)

KEPT = "kept-response"


@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    if not request.user.is_authenticated:
        return _log_in_first(request, slug)
    if request.method == "POST":
        return _save(request, consultation, request.POST)
    if kept := request.session.pop(f"{KEPT}:{slug}", ""):
        return _save(request, consultation, QueryDict(kept), is_restored=True)
    organisation = _organisation(request, request.GET.get("for", ""))
    content = _stored(request, consultation, organisation)
    if request.GET.get("group") in StakeholderGroup.values and organisation is None:
        content = replace(content, group=request.GET["group"])
    if provision := request.GET.get("provision", ""):
        content = replace(content, points=[*content.points, PointInput(provision=provision)])
    return _show(request, consultation, content, organisation=organisation)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def check(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    organisation = _organisation(request, request.GET.get("for", ""))
    draft = _draft(request, consultation, organisation)
    if draft is None:
        return redirect("submissions:respond", slug)
    if request.method == "POST":
        try:
            receipt = submit(draft, by=request.user)
        except AlreadyFiled:
            draft.refresh_from_db()
            return redirect("submissions:filed", slug, draft.reference)
        except DomainError as error:
            return _show(
                request, consultation, content_of(draft), organisation=organisation, error=error
            )
        return redirect("submissions:filed", slug, receipt.number)
    form = ResponseForm(consultation, content_of(draft), group=draft.group)
    context = {
        "consultation": consultation,
        "tab": "respond",
        "draft": draft,
        "form": form,
        "organisation": organisation,
    }
    return render(request, "submissions/check.html", context)


@require_safe
@login_required
def filed(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    submission, receipt = _filed(request, slug, reference)
    context = {
        "consultation": submission.consultation,
        "tab": "respond",
        "submission": submission,
        "receipt": receipt,
    }
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


def _save(
    request: HttpRequest, consultation: Consultation, data: QueryDict, *, is_restored: bool = False
) -> HttpResponse:
    organisation = _organisation(request, data.get("for", ""))
    content = content_from(data, group=group_of(data, organisation))
    act = "" if is_restored else data.get("then", "save")
    if act == "add":
        content = replace(content, points=[*content.points, PointInput(provision="")])
    elif act.startswith("remove-"):
        left = [p for n, p in enumerate(content.points) if f"remove-{n}" != act]
        content = replace(content, points=left)
    if act in ("add", "group") or is_restored:
        # Nothing is stored yet: an empty point cannot be, and the group only changes the questions.
        return _show(request, consultation, content, organisation=organisation)
    try:
        draft = start_draft(
            consultation, author=request.user, organisation=organisation, group=content.group
        )
        save_draft(draft, content, by=request.user)
    except DomainError as error:
        return _show(request, consultation, content, organisation=organisation, error=error)
    if act == "check":
        return redirect(_address("submissions:check", consultation, organisation))
    return _show(request, consultation, content, organisation=organisation, is_saved=True)


def _show(
    request: HttpRequest,
    consultation: Consultation,
    content: DraftInput,
    *,
    organisation: Organisation | None,
    error: DomainError | None = None,
    is_saved: bool = False,
) -> HttpResponse:
    group = organisation.group if organisation else content.group
    errors = error.fields if error else {}
    context: dict[str, Any] = {
        "consultation": consultation,
        "tab": "respond",
        "form": ResponseForm(consultation, content, group=group, errors=errors),
        "organisation": organisation,
        "organisations": list(Organisation.objects.with_member(request.user)),
        "groups": StakeholderGroup.choices,
        "error": error,
        "is_closed": isinstance(error, PhaseClosed),
        "is_saved": is_saved,
    }
    status = error.status if error else 200
    return render(request, "submissions/respond.html", context, status=status)


def _log_in_first(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a visitor to log in; what was typed in an expired session waits there."""
    if request.method == "POST":
        request.session[f"{KEPT}:{slug}"] = request.POST.urlencode()
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def _organisation(request: HttpRequest, slug: str) -> Organisation | None:
    if not slug:
        return None
    return get_object_or_404(Organisation.objects.with_member(request.user), slug=slug)


def _draft(
    request: HttpRequest, consultation: Consultation, organisation: Organisation | None
) -> Submission | None:
    """Return the draft that was begun, else what was filed last: a second press finds that."""
    mine = Submission.objects.filter(consultation=consultation, organisation=organisation)
    if organisation is None:
        mine = mine.filter(author=request.user.pk)
    drafts = mine.filter(state=Submission.State.DRAFT)
    if request.method == "POST":
        drafts = drafts | mine.filter(state=Submission.State.SUBMITTED)
    return drafts.order_by("state", "-pk").first()


def _stored(
    request: HttpRequest, consultation: Consultation, organisation: Organisation | None
) -> DraftInput:
    draft = _draft(request, consultation, organisation)
    return content_of(draft) if draft else DraftInput()


def _filed(request: HttpRequest, slug: str, reference: str) -> tuple[Submission, Receipt]:
    consultation = visible_consultation(request, slug)
    mine = Submission.objects.filter(author=request.user.pk) | Submission.objects.filter(
        organisation__in=Organisation.objects.with_member(request.user)
    )
    submission = get_object_or_404(mine.distinct(), consultation=consultation, reference=reference)
    submission.consultation = consultation
    return submission, get_object_or_404(Receipt, number=reference)


def _address(name: str, consultation: Consultation, organisation: Organisation | None) -> str:
    address = reverse(name, args=[consultation.slug])
    return f"{address}?for={organisation.slug}" if organisation else address
