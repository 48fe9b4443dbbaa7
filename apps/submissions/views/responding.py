"""A person responds: enter, check, submit."""

import secrets
from dataclasses import replace
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.consultations.models import Consultation
from apps.consultations.views import visible_consultation
from apps.core.errors import DomainError
from apps.submissions.drafting import FileNote, PointInput, text_of_today
from apps.submissions.errors import AlreadyFiled, PhaseClosed, SignOffMissing
from apps.submissions.forms import ResponseForm
from apps.submissions.models import Attachment, Submission
from apps.submissions.services import content_of, submit
from apps.submissions.steps import CAPACITY, CHOOSE
from apps.submissions.views import stepping
from apps.submissions.views.attaching import files_shown, is_about_files, with_files
from apps.submissions.views.commenting import comments_on, is_about_comments, with_comments
from apps.submissions.views.entries import (
    LOST,
    ChangedElsewhere,
    Entry,
    address_of,
    draft_of,
    edit_of,
    kept,
    organisation_or_404,
    respond_address,
    state_of,
    stored,
    typed,
)
from apps.submissions.views.together import signatures_on

KEPT = "kept-response"
KEPT_COMMENT = "kept-comment"
CHANGED_SINCE = _(
    "The draft was changed since you looked at it. Check it again; nothing was filed."
)


@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    if not request.user.is_authenticated:
        return _log_in_first(request, slug)
    if request.method == "POST":
        return _save(request, consultation, request.POST, act=request.POST.get("then", "save"))
    if waiting := request.session.pop(f"{KEPT}:{slug}", ""):
        return _save(request, consultation, QueryDict(waiting), act="restore")
    entry = stored(request, consultation, organisation_or_404(request, request.GET.get("for", "")))
    content = entry.content
    if request.GET.get("group") in StakeholderGroup.values and entry.organisation is None:
        content = replace(content, group=request.GET["group"])
    if provision := request.GET.get("provision", ""):
        content = replace(content, points=[*content.points, PointInput(provision=provision)])
    step = request.GET.get("step", "")
    return _show(request, consultation, replace(entry, content=content, step=step))


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    if not request.user.is_authenticated:
        return _log_in_first(request, slug, keep=KEPT_COMMENT)
    organisation = organisation_or_404(request, request.GET.get("for", ""))
    draft = draft_of(request, consultation, organisation)
    if draft is None:
        return redirect("submissions:respond", slug)
    edit = edit_of(draft) if draft.is_draft else None
    if edit is not None and edit.typed:
        return redirect(respond_address(consultation, organisation))
    content = content_of(draft)
    # A file that a colleague attaches meanwhile does not touch the draft itself.
    seen = "/".join([state_of(draft), *(note.key for note in content.attachments)])
    comment = request.session.pop(f"{KEPT_COMMENT}:{slug}", "")
    entry = Entry(content, organisation, seen=seen, comment=QueryDict(comment).get("comment", ""))
    if request.method != "POST":
        return _show_check(request, draft, entry)
    is_comment = is_about_comments(request.POST.get("then", ""))
    return (_comment if is_comment else _file)(request, draft, entry)


def _file(request: HttpRequest, draft: Submission, entry: Entry) -> HttpResponse:
    """File what was checked, or show what stands in the way."""
    consultation = draft.consultation
    if draft.is_draft and request.POST.get("seen", entry.seen) != entry.seen:
        return _show_check(request, draft, replace(entry, notice=CHANGED_SINCE), status=409)
    try:
        receipt = submit(draft, by=request.user)
    except AlreadyFiled:
        draft.refresh_from_db()
        return redirect("submissions:filed", consultation.slug, draft.reference)
    except SignOffMissing as error:
        return _show_check(request, draft, replace(entry, notice=error.message), status=409)
    except DomainError as error:
        entry = replace(entry, seen=state_of(draft), error=error)
        return _show(request, consultation, entry)
    return redirect("submissions:filed", consultation.slug, receipt.number)


def _comment(request: HttpRequest, draft: Submission, entry: Entry) -> HttpResponse:
    """Leave or resolve a comment on the page where answers are checked."""
    entry = replace(entry, comment=request.POST.get("comment", ""))
    entry = with_comments(request, draft.consultation, entry, act=request.POST["then"])
    if entry.error:
        return _show_check(request, draft, entry, status=entry.error.status)
    check = address_of("submissions:check", draft.consultation, entry.organisation)
    return redirect(f"{check}#comments")


def _save(
    request: HttpRequest, consultation: Consultation, data: QueryDict, *, act: str
) -> HttpResponse:
    entry = typed(request, data)
    leads_on = act in ("save", "check", "next") or is_about_files(request, act, is_asked=True)
    leads_on = leads_on or is_about_comments(act)
    if entry.error is None and (leads_on or request.FILES):
        begun = _begun(request, consultation, entry) if act == "next" else ""
        if begun:
            return redirect(begun)
        entry = kept(request, consultation, data, entry, act=act)
        entry = with_files(request, consultation, entry, act=act)
        entry = with_comments(request, consultation, entry, act=act)
        if leads_on:
            return _go_on(request, consultation, entry, act)
    points = list(entry.content.points)
    if act == "add":
        points.append(PointInput(provision=stepping.provision_of(entry.step)))
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
        entry = stored(request, consultation, entry.organisation)
        content = entry.content if entry.seen else content
    return _show(request, consultation, replace(entry, content=content))


def _go_on(
    request: HttpRequest, consultation: Consultation, entry: Entry, act: str
) -> HttpResponse:
    """Lead on from what was stored, or show what stands in the way."""
    if act == "next" and stepping.may_go_on(consultation, entry):
        return redirect(stepping.following(consultation, entry))
    if act == "check" and not (entry.error or entry.notice):
        return redirect(address_of("submissions:check", consultation, entry.organisation))
    if is_about_comments(act) and not (entry.error or entry.notice):
        here = respond_address(consultation, entry.organisation, step=entry.step)
        return redirect(f"{here}#comments")
    return _show(request, consultation, entry)


def _show(request: HttpRequest, consultation: Consultation, entry: Entry) -> HttpResponse:
    error = entry.error
    stored = draft_of(request, consultation, entry.organisation, is_filed_too=False)
    if isinstance(error, ChangedElsewhere):
        # Pressing once more replaces it knowingly.
        entry = replace(entry, seen=state_of(stored) if stored else "")
    entry = replace(entry, form=entry.form or secrets.token_urlsafe(12))
    phase = consultation.comment_phase()
    is_grace = phase is not None and phase.is_in_grace(stored.created_at if stored else None)
    files = files_shown(stored, entry.content)
    notes = [FileNote(file.key, file.title) for file in files]
    entry = replace(entry, content=replace(entry.content, attachments=notes))
    form = stepping.form_of(consultation, entry)
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
        "files": files,
        "most_files": Attachment.MOST,
        "error": error,
        "is_refused": isinstance(error, PhaseClosed),
        "phase": phase,
        "is_grace": is_grace,
        "is_open": is_grace or (phase is not None and phase.is_open),
    }
    context |= comments_on(stored, form, is_open=context["is_open"])
    status = error.status if error else 200
    if form.step:
        context |= stepping.page(consultation, entry, form)
        return render(request, "submissions/step.html", context, status=status)
    context["guided"] = respond_address(consultation, entry.organisation, step=CAPACITY)
    return render(request, "submissions/respond.html", context, status=status)


def _begun(request: HttpRequest, consultation: Consultation, entry: Entry) -> str:
    """Return the way into a draft that was begun before for whom one just chose to speak."""
    if entry.step != CAPACITY or not entry.content.is_empty:
        return ""
    there = stored(request, consultation, entry.organisation)
    is_another = bool(there.seen) and there.seen != entry.seen
    return respond_address(consultation, entry.organisation, step=CHOOSE) if is_another else ""


def _show_check(
    request: HttpRequest, draft: Submission, entry: Entry, *, status: int = 200
) -> HttpResponse:
    form = ResponseForm(draft.consultation, entry.content, group=draft.group)
    context: dict[str, Any] = {
        "consultation": draft.consultation,
        "tab": "respond",
        "draft": draft,
        "files": draft.attachments.in_order(),
        "form": form,
        "entry": entry,
        "organisation": entry.organisation,
    }
    context |= comments_on(draft, form, is_open=draft.is_draft)
    context |= signatures_on(draft, entry.content, by=request.user)
    return render(request, "submissions/check.html", context, status=status)


def _log_in_first(request: HttpRequest, slug: str, *, keep: str = KEPT) -> HttpResponse:
    """Send a visitor to log in; what was typed in an expired session waits there."""
    if request.method == "POST":
        waiting = request.POST.copy()
        if request.FILES:
            waiting[LOST] = "1"
        request.session[f"{keep}:{slug}"] = waiting.urlencode()
    return redirect_to_login(request.get_full_path(), reverse("account_login"))
