"""A person responds: enter, check, submit, keep the receipt."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.audit.models import Receipt
from apps.consultations.models import Consultation
from apps.consultations.views import visible_consultation
from apps.core.errors import DomainError, NotAllowed
from apps.submissions.drafting import DraftInput, Form, PointInput, text_of_today
from apps.submissions.errors import AlreadyFiled, InvalidContent, PhaseClosed
from apps.submissions.forms import ResponseForm, content_from
from apps.submissions.models import DraftEdit, Submission
from apps.submissions.services import (
    EditInput,
    content_of,
    keep_draft,
    receipt_content,
    submit,
)

KEPT = "kept-response"
FORM = re.compile(r"[\w-]{1,32}", re.ASCII)
NOT_TYPED = ("csrfmiddlewaretoken", "then", "seen", "form")
SAVED = _("Saved as a draft. Only you and your organisation can see it.")
CHANGED_CAPACITY = _(
    "Other questions are asked of this group. Look at them before you go on; nothing is saved yet."
)
CHANGED_ELSEWHERE = _(
    "The stored draft was changed after you opened it, by you in another window or by a colleague."
    " Nothing was saved. Save again to replace it with what stands here."
)
CHANGED_SINCE = _(
    "The draft was changed since you looked at it. Check it again; nothing was filed."
)
RESTORED = _("As you left it. Something in it needs a change before you can submit.")
NO_MEMBER = _("You cannot respond for this organisation. Choose another capacity; nothing is lost.")


@dataclass(frozen=True)
class _Entry:
    """What stands in the form.

    seen  names the state of the stored draft that it began from
    form  names this one open form: what it saved itself is no change by somebody else
    """

    content: DraftInput
    organisation: Organisation | None = None
    seen: str = ""
    form: str = ""
    error: DomainError | None = None
    notice: str | Promise = ""

    @property
    def group(self) -> str:
        return self.organisation.group if self.organisation else self.content.group

    @property
    def capacity(self) -> str:
        """The choice that the questions on the page belong to."""
        return f"{self.organisation.slug if self.organisation else ''}/{self.group}"


class _ChangedElsewhere(DomainError):
    """Somebody else changed the draft; saving would lose what they wrote."""

    code = "changed_elsewhere"


@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    if not request.user.is_authenticated:
        return _log_in_first(request, slug)
    if request.method == "POST":
        return _save(request, consultation, request.POST, act=request.POST.get("then", "save"))
    if kept := request.session.pop(f"{KEPT}:{slug}", ""):
        return _save(request, consultation, QueryDict(kept), act="restore")
    entry = _stored(request, consultation, _organisation(request, request.GET.get("for", "")))
    content = entry.content
    if request.GET.get("group") in StakeholderGroup.values and entry.organisation is None:
        content = replace(content, group=request.GET["group"])
    if provision := request.GET.get("provision", ""):
        content = replace(content, points=[*content.points, PointInput(provision=provision)])
    return _show(request, consultation, replace(entry, content=content))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def check(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    organisation = _organisation(request, request.GET.get("for", ""))
    draft = _draft(request, consultation, organisation)
    if draft is None:
        return redirect("submissions:respond", slug)
    edit = _edit_of(draft) if draft.is_draft else None
    if edit is not None and edit.typed:
        return redirect(respond_address(consultation, organisation))
    entry = _Entry(content_of(draft), organisation, seen=_state_of(draft))
    if request.method == "POST":
        if draft.is_draft and request.POST.get("seen", entry.seen) != entry.seen:
            return _show_check(request, draft, replace(entry, notice=CHANGED_SINCE), status=409)
        try:
            receipt = submit(draft, by=request.user)
        except AlreadyFiled:
            draft.refresh_from_db()
            return redirect("submissions:filed", slug, draft.reference)
        except DomainError as error:
            return _show(request, consultation, replace(entry, error=error))
        return redirect("submissions:filed", slug, receipt.number)
    return _show_check(request, draft, entry)


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
    request: HttpRequest, consultation: Consultation, data: QueryDict, *, act: str
) -> HttpResponse:
    entry = _typed(request, data)
    if entry.error is None and act in ("save", "check"):
        entry = _kept(request, consultation, data, entry, act=act)
        if act == "check" and not (entry.error or entry.notice):
            return redirect(_address("submissions:check", consultation, entry.organisation))
        return _show(request, consultation, entry)
    points = list(entry.content.points)
    if act == "add":
        points.append(PointInput(provision=""))
    elif act.startswith("remove-"):
        points = [point for n, point in enumerate(points) if f"remove-{n}" != act]
    elif act.startswith("copy-"):
        points = [
            replace(point, proposed_text=text_of_today(consultation, point.provision))
            if f"copy-{n}" == act and not point.proposed_text
            else point
            for n, point in enumerate(points)
        ]
    content = replace(entry.content, points=points)
    is_new_owner = data.get("capacity", entry.capacity).partition("/")[0] != data.get("for", "")
    if act == "group" and is_new_owner and content.is_empty:
        entry = _stored(request, consultation, entry.organisation)
        content = entry.content if entry.seen else content
    return _show(request, consultation, replace(entry, content=content))


def _typed(request: HttpRequest, data: QueryDict) -> _Entry:
    """Return what was typed, whatever it is, for the organisation chosen where that may be."""
    slug = data.get("for", "")
    organisation = _member_of(request, slug)
    error = (
        NotAllowed(NO_MEMBER, fields={"for": [NO_MEMBER]}) if slug and not organisation else None
    )
    group = organisation.group if organisation else data.get("group", "")
    form = data.get("form", "")
    return _Entry(
        content_from(data, group=group),
        organisation,
        seen=data.get("seen", ""),
        form=form if FORM.fullmatch(form) else "",
        error=error,
    )


def _kept(
    request: HttpRequest, consultation: Consultation, data: QueryDict, entry: _Entry, *, act: str
) -> _Entry:
    """Store what was typed, and return what to show: the draft, or why it could not be stored."""
    form = Form(consultation)
    content, left_out = form.split(entry.content)
    if left_out and data.get("capacity", entry.capacity) != entry.capacity:
        return replace(entry, notice=CHANGED_CAPACITY)
    try:
        _require_unchanged(request, consultation, data, entry)
        draft, problem = keep_draft(
            consultation,
            content,
            edit=EditInput(form=entry.form, typed=_typed_text(data)),
            by=request.user,
            organisation=entry.organisation,
        )
        entry = replace(entry, seen=_state_of(draft), error=problem)
        if act == "check" and problem is None:
            form.require_complete(content)
    except DomainError as error:
        return replace(entry, error=error)
    return replace(entry, notice=SAVED if act == "save" and problem is None else "")


def _require_unchanged(
    request: HttpRequest, consultation: Consultation, data: QueryDict, entry: _Entry
) -> None:
    draft = _draft(request, consultation, entry.organisation, is_filed_too=False)
    if draft is None or "seen" not in data or _state_of(draft) == data["seen"]:
        return
    # What the same open form saved a moment ago, by itself, is no change of somebody else.
    edit = _edit_of(draft)
    if edit is None or not entry.form or edit.form != entry.form:
        raise _ChangedElsewhere(CHANGED_ELSEWHERE)


def _edit_of(draft: Submission) -> DraftEdit | None:
    return DraftEdit.objects.filter(draft=draft).first()


def _typed_text(data: QueryDict) -> str:
    """Return all that stands in a form, to be shown again as it was."""
    typed = data.copy()
    for name in NOT_TYPED:
        typed.pop(name, None)
    return typed.urlencode()


@require_POST
def autosave(request: HttpRequest, slug: str) -> HttpResponse:
    """Save what is being typed; answer with a line that says so, whatever happens."""
    consultation = visible_consultation(request, slug)
    entry = _typed(request, request.POST)
    if request.user.is_authenticated and entry.error is None:
        entry = _kept(request, consultation, request.POST, entry, act="autosave")
    context = {
        "entry": entry,
        "is_logged_out": not request.user.is_authenticated,
        "is_unfinished": isinstance(entry.error, InvalidContent) and bool(entry.seen),
        "at": timezone.now(),
    }
    return render(request, "submissions/_saved.html", context)


def _show(request: HttpRequest, consultation: Consultation, entry: _Entry) -> HttpResponse:
    error = entry.error
    stored = _draft(request, consultation, entry.organisation, is_filed_too=False)
    if isinstance(error, _ChangedElsewhere):
        # Pressing once more replaces it knowingly.
        entry = replace(entry, seen=_state_of(stored) if stored else "")
    entry = replace(entry, form=entry.form or secrets.token_urlsafe(12))
    phase = consultation.comment_phase()
    is_grace = phase is not None and phase.is_in_grace(stored.created_at if stored else None)
    form = ResponseForm(
        consultation, entry.content, group=entry.group, errors=error.fields if error else {}
    )
    mine = Submission.objects.of(consultation).in_capacity(request.user, entry.organisation)
    filed_before = mine.filter(state=Submission.State.SUBMITTED).newest_first()
    context: dict[str, Any] = {
        "consultation": consultation,
        "tab": "respond",
        "form": form,
        "entry": entry,
        "filed": None if stored else filed_before.first(),
        "revises": stored.revises if stored else None,
        "organisation": entry.organisation,
        "organisations": list(Organisation.objects.with_member(request.user)),
        "groups": StakeholderGroup.choices,
        "error": error,
        "is_refused": isinstance(error, PhaseClosed),
        "phase": phase,
        "is_grace": is_grace,
        "is_open": is_grace or (phase is not None and phase.is_open),
    }
    status = error.status if error else 200
    return render(request, "submissions/respond.html", context, status=status)


def _show_check(
    request: HttpRequest, draft: Submission, entry: _Entry, *, status: int = 200
) -> HttpResponse:
    context: Mapping[str, Any] = {
        "consultation": draft.consultation,
        "tab": "respond",
        "draft": draft,
        "form": ResponseForm(draft.consultation, entry.content, group=draft.group),
        "entry": entry,
        "organisation": entry.organisation,
    }
    return render(request, "submissions/check.html", context, status=status)


def _log_in_first(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a visitor to log in; what was typed in an expired session waits there."""
    if request.method == "POST":
        request.session[f"{KEPT}:{slug}"] = request.POST.urlencode()
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def _organisation(request: HttpRequest, slug: str) -> Organisation | None:
    """Return the organisation an address names, None for oneself; raise Http404 for others."""
    found = _member_of(request, slug)
    if slug and found is None:
        raise Http404
    return found


def _member_of(request: HttpRequest, slug: str) -> Organisation | None:
    if not slug or "\0" in slug:
        return None
    return Organisation.objects.with_member(request.user).filter(slug=slug).first()


def _draft(
    request: HttpRequest,
    consultation: Consultation,
    organisation: Organisation | None,
    *,
    is_filed_too: bool = True,
) -> Submission | None:
    """Return the draft that was begun, else what was filed last: a second press finds that."""
    mine = Submission.objects.of(consultation).in_capacity(request.user, organisation)
    drafts = mine.filter(state=Submission.State.DRAFT)
    if request.method == "POST" and is_filed_too:
        drafts = drafts | mine.filter(state=Submission.State.SUBMITTED)
    draft = drafts.select_related("revises").order_by("state", "-pk").first()
    if draft is not None:
        draft.consultation = consultation
    return draft


def _state_of(draft: Submission) -> str:
    return draft.updated_at.isoformat()


def _stored(
    request: HttpRequest, consultation: Consultation, organisation: Organisation | None
) -> _Entry:
    draft = _draft(request, consultation, organisation, is_filed_too=False)
    if draft is None:
        return _Entry(DraftInput(), organisation)
    entry = _Entry(content_of(draft), organisation, seen=_state_of(draft))
    edit = _edit_of(draft)
    if edit is None or not edit.typed:
        return entry
    content = content_from(QueryDict(edit.typed), group=draft.group)
    return replace(entry, content=content, notice=RESTORED)


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


def respond_address(consultation: Consultation, organisation: Organisation | None) -> str:
    """Return the address of the form, for oneself or for an organisation."""
    return _address("submissions:respond", consultation, organisation)


def _address(name: str, consultation: Consultation, organisation: Organisation | None) -> str:
    address = reverse(name, args=[consultation.slug])
    return f"{address}?for={organisation.slug}" if organisation else address
