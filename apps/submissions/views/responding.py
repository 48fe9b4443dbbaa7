"""A person responds: enter, check, submit."""

import re
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
from apps.consultations.models import Consultation, Identity, Phase, Question
from apps.consultations.views.reading import visible_consultation
from apps.core.errors import DomainError
from apps.submissions import parts
from apps.submissions.concealing import gaps, public_version
from apps.submissions.drafting import text_of_today
from apps.submissions.errors import AlreadyFiled, ChangedElsewhere, PhaseClosed, SignOffMissing
from apps.submissions.forms import ResponseForm
from apps.submissions.inputs import DraftInput, FileNote, PointInput
from apps.submissions.listing import name_of
from apps.submissions.models import Attachment, Submission, Visibility
from apps.submissions.services import (
    content_of,
    drop_set_aside,
    refusal,
    state_of,
    submit,
)
from apps.submissions.services.identifying import IdentityNotAccepted
from apps.submissions.services.keeping_back import NOT_ALONE, has_company
from apps.submissions.steps import CAPACITY, CHOOSE
from apps.submissions.telltale import files_that_tell, public_name_of, signs_of
from apps.submissions.views import stepping
from apps.submissions.views.attaching import files_shown, is_about_files, with_files
from apps.submissions.views.commenting import comments_on, is_about_comments, with_comments
from apps.submissions.views.conflicting import TAKE, texts_beside, with_stored
from apps.submissions.views.entries import (
    COMMENT,
    LOST,
    REPLY,
    Entry,
    address_of,
    draft_of,
    edit_of,
    kept,
    organisation_or_404,
    respond_address,
    stored,
    stored_draft,
    typed,
)
from apps.submissions.views.replying import with_reply
from apps.submissions.views.together import signatures_on

PAGES = {COMMENT: "submissions/respond.html", REPLY: "submissions/reply.html"}
TABS = {COMMENT: "respond", REPLY: "replies"}
LONGEST_QUOTE = 1_000  # as pointing.js offers
DROPPED = re.compile(r"forget-([0-9]{1,18})")
KEPT = "kept-response"
KEPT_COMMENT = "kept-comment"
CHANGED_SINCE = _(
    "The draft was changed since you looked at it. Check it again; nothing was filed."
)


@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, slug: str, kind: str = COMMENT) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    if not request.user.is_authenticated:
        return _log_in_first(request, consultation)
    if request.method == "POST":
        act = request.POST.get("then", "save")
        return _save(request, consultation, request.POST, kind=kind, act=act)
    if waiting := _waiting(request, KEPT):
        return _save(request, consultation, waiting, kind=kind, act="restore")
    organisation = organisation_or_404(request, request.GET.get("for", ""))
    entry = stored(request, consultation, organisation, kind=kind)
    if kind == REPLY:
        return _show(request, consultation, with_reply(request, consultation, entry))
    content = entry.content
    if request.GET.get("group") in StakeholderGroup.values and entry.organisation is None:
        content = replace(content, group=request.GET["group"])
    if provision := request.GET.get("provision", ""):
        words = request.GET.get("quote", "").replace("\0", "")[:LONGEST_QUOTE]
        begun = PointInput(provision=provision, quote=words)
        content = replace(content, points=[*content.points, begun])
    step = request.GET.get("step", "")
    return _show(request, consultation, replace(entry, content=content, step=step))


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str, kind: str = COMMENT) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    if not request.user.is_authenticated:
        return _log_in_first(request, consultation, keep=KEPT_COMMENT)
    organisation = organisation_or_404(request, request.GET.get("for", ""))
    draft = draft_of(request, consultation, organisation, kind=kind)
    if draft is None:
        return redirect(respond_address(consultation, None, kind=kind))
    edit = edit_of(draft) if draft.is_draft else None
    if edit is not None and edit.typed:
        return redirect(respond_address(consultation, organisation, kind=kind))
    content = content_of(draft)
    # A file that a colleague attaches meanwhile does not touch the draft itself.
    seen = "/".join([state_of(draft), *(note.key for note in content.attachments)])
    comment = _waiting(request, KEPT_COMMENT).get("comment", "")
    concerns = tuple(edit.concerns) if edit else ()
    began = parts.digests(content, concerns)
    entry = Entry(content, organisation, seen=seen, began=began, concerns=concerns, kind=kind)
    entry = replace(entry, comment=comment)
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
    except IdentityNotAccepted as error:
        return _show_check(request, draft, entry, status=error.status)
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
    check = address_of("check", draft.consultation, entry.organisation, kind=entry.kind)
    return redirect(f"{check}#comments")


def _save(
    request: HttpRequest, consultation: Consultation, data: QueryDict, *, kind: str, act: str
) -> HttpResponse:
    entry = typed(request, data, kind=kind)
    if act.startswith(TAKE):
        entry, act = with_stored(request, consultation, data, entry, act=act), "save"
    leads_on = act in ("save", "check", "next") or is_about_files(request, act, is_asked=True)
    leads_on = leads_on or is_about_comments(act)
    if entry.error is None and (leads_on or request.FILES):
        begun = _begun(request, consultation, entry) if act == "next" else ""
        if begun:
            return redirect(begun)
        entry = kept(request, consultation, data, entry, act=act)
        data, entry = with_files(request, consultation, data, entry, act=act)
        entry = with_comments(request, consultation, entry, act=act)
        if leads_on:
            return _go_on(request, consultation, entry, act)
    if dropped := DROPPED.fullmatch(act):
        drop_set_aside(int(dropped[1]), by=request.user)
    content = _changed(consultation, entry, act)
    if entry.error is None and content != entry.content:
        # Who leaves now finds it again. What is wrong with it is said when it is to be saved.
        there = kept(request, consultation, data, replace(entry, content=content), act=act)
        content = there.content
        entry = replace(entry, seen=there.seen, began=there.began)
    is_new_owner = data.get("capacity", entry.capacity).partition("/")[0] != data.get("for", "")
    if act == "group" and is_new_owner and content.is_empty:
        entry = stored(request, consultation, entry.organisation, kind=kind)
        content = entry.content if entry.seen else content
    return _show(request, consultation, replace(entry, content=content))


def _changed(consultation: Consultation, entry: Entry, act: str) -> DraftInput:
    """Return what was typed with one more or one less of something, as a button asks."""
    points, replies = list(entry.content.points), list(entry.content.replies)
    if act == "add":
        points.append(PointInput(provision=stepping.provision_of(entry.step)))
    elif act.startswith("remove-"):
        points = [point for n, point in enumerate(points) if f"remove-{n}" != act]
    elif act.startswith("drop-"):
        replies = [reply for n, reply in enumerate(replies) if f"drop-{n}" != act]
    elif act.startswith("copy-"):
        points = [
            replace(point, proposed_text=text_of_today(consultation, point.provision))
            if f"copy-{n}" == act and not point.proposed_text
            else point
            for n, point in enumerate(points)
        ]
    return replace(entry.content, points=points, replies=replies)


def _go_on(
    request: HttpRequest, consultation: Consultation, entry: Entry, act: str
) -> HttpResponse:
    """Lead on from what was stored, or show what stands in the way."""
    if act == "next" and stepping.may_go_on(consultation, entry):
        return redirect(stepping.following(consultation, entry))
    if act == "check" and not (entry.error or entry.notice):
        return redirect(address_of("check", consultation, entry.organisation, kind=entry.kind))
    if is_about_comments(act) and not (entry.error or entry.notice):
        here = respond_address(consultation, entry.organisation, step=entry.step, kind=entry.kind)
        return redirect(f"{here}#comments")
    return _show(request, consultation, entry)


def _show(request: HttpRequest, consultation: Consultation, entry: Entry) -> HttpResponse:
    stored = stored_draft(request, consultation, entry)
    openness = _openness(consultation, stored, kind=entry.kind)
    if request.method != "POST" and not openness["is_open"]:
        # What it lacks is no matter any more: it can only be read and copied.
        entry = replace(entry, error=None, notice="")
    error = entry.error
    files = files_shown(stored, entry.content)
    entry = _as_shown(entry, stored, [FileNote(f.key, f.title, f.kept_back) for f in files])
    form = stepping.form_of(consultation, entry)
    context: dict[str, Any] = {
        "consultation": consultation,
        "tab": TABS[Phase.Kind(entry.kind)],
        "form": form,
        "entry": entry,
        # Opened again, the address a form was sent to shows the same form.
        "here": respond_address(consultation, entry.organisation, step=form.step, kind=entry.kind),
        "filed": None if stored else _filed_before(request, consultation, entry),
        "revises": stored.revises if stored else None,
        "discard": reverse("submissions:discard", args=[stored.pk]) if stored else "",
        "organisation": entry.organisation,
        "organisations": list(Organisation.objects.with_member(request.user)),
        "groups": StakeholderGroup.choices,
        "files": files,
        "most_files": Attachment.MOST,
        "error": error,
        **texts_beside(request, stored, form.asked, error),
        "is_refused": isinstance(error, PhaseClosed),
        "not_accepted": refusal(consultation, request.user, entry.organisation),
    }
    context |= openness
    context |= comments_on(stored, form, is_open=openness["is_open"])
    status = error.status if error and request.method == "POST" else 200
    if form.step:
        context |= stepping.page(consultation, entry, form)
        return render(request, "submissions/step.html", context, status=status)
    context["guided"] = respond_address(consultation, entry.organisation, step=CAPACITY)
    return render(request, PAGES[Phase.Kind(entry.kind)], context, status=status)


def _as_shown(entry: Entry, stored: Submission | None, notes: list[FileNote]) -> Entry:
    """Return the entry with its files, and with what the form that is shown begins from."""
    seen, began, error = entry.seen, entry.began, entry.error
    if isinstance(error, ChangedElsewhere):
        # Pressing once more replaces it knowingly.
        known = {one.part: one.digest for one in error.conflicts}
        seen, began = state_of(stored) if stored else "", {**(began or {}), **known}
    return replace(
        entry,
        seen=seen,
        began=None if began is None else parts.knowing(began, notes),
        form=entry.form or secrets.token_urlsafe(12),
        content=replace(entry.content, attachments=notes),
    )


def _filed_before(
    request: HttpRequest, consultation: Consultation, entry: Entry
) -> Submission | None:
    mine = Submission.objects.of(consultation).of_kind(entry.kind)
    mine = mine.in_capacity(request.user, entry.organisation)
    return mine.filter(state=Submission.State.SUBMITTED).newest_first().first()


def _openness(
    consultation: Consultation, stored: Submission | None, *, kind: str
) -> dict[str, Any]:
    """Return whether anything may be filed now, and by which phase."""
    phase = consultation.phase_for(kind)
    is_grace = phase is not None and phase.is_in_grace(stored.created_at if stored else None)
    is_open = is_grace or (phase is not None and phase.is_open)
    return {"phase": phase, "is_grace": is_grace, "is_open": is_open}


def _begun(request: HttpRequest, consultation: Consultation, entry: Entry) -> str:
    """Return the way into a draft that was begun before for whom one just chose to speak."""
    if entry.step != CAPACITY or not entry.content.is_empty:
        return ""
    there = stored(request, consultation, entry.organisation, kind=entry.kind)
    is_another = bool(there.seen) and there.seen != entry.seen
    return respond_address(consultation, entry.organisation, step=CHOOSE) if is_another else ""


def _show_check(
    request: HttpRequest, draft: Submission, entry: Entry, *, status: int = 200
) -> HttpResponse:
    form = ResponseForm(
        draft.consultation, entry.content, group=draft.group, is_reply=draft.is_reply
    )
    context: dict[str, Any] = {
        "consultation": draft.consultation,
        "tab": TABS[Phase.Kind(entry.kind)],
        "change": respond_address(draft.consultation, None, kind=draft.kind),
        "choose": respond_address(draft.consultation, entry.organisation, step=CHOOSE),
        "unanswered": _unanswered(form),
        "draft": draft,
        "files": draft.attachments.in_order(),
        "form": form,
        "entry": entry,
        "organisation": entry.organisation,
    }
    context |= comments_on(draft, form, is_open=draft.is_draft)
    context |= signatures_on(draft, entry.content, by=request.user)
    context["not_accepted"] = refusal(draft.consultation, request.user, entry.organisation)
    context |= _seen_by_public(draft, entry.content)
    return render(request, "submissions/check.html", context, status=status)


def _unanswered(form: ResponseForm) -> list[Question]:
    """Return the questions that are asked and were left alone."""
    content = replace(form.content, group=form.group)
    answered = {answer.question for answer in content.answers if not answer.is_empty}
    return [one for key, one in form.asked.asked(content).items() if key not in answered]


def _seen_by_public(draft: Submission, content: DraftInput) -> dict[str, Any]:
    """Return what becomes public, by the function that filing uses."""
    shown, found = public_version(content, language=draft.language)
    name = "" if content.visibility == Visibility.WITHHELD else draft.speaker
    files = [file for file in draft.attachments.in_order() if not file.kept_back]
    for file in files:
        file.title = next((n.title for n in shown.attachments if n.key == file.key), file.title)
        file.name = public_name_of(file, content)
    return {
        "public_form": ResponseForm(
            draft.consultation, shown, group=draft.group, is_reply=draft.is_reply
        ),
        "public_files": files,
        "public_name": name_of(name, draft.group, content.visibility),
        "is_named": content.visibility == Visibility.NAMED,
        "hidden": sum(found),
        "seen_gaps": [
            *(message for _place, message in gaps(content)),
            *([NOT_ALONE] if has_company(draft) else ()),
        ],
        "file_gaps": [message for _place, message in files_that_tell(draft, content)],
        "signs": list(signs_of(draft, content)),
    }


def _waiting(request: HttpRequest, keep: str) -> QueryDict:
    """Return what was typed for this address before somebody logged in, once."""
    return QueryDict(request.session.pop(f"{keep}:{request.path}", ""))


def _log_in_first(
    request: HttpRequest, consultation: Consultation, *, keep: str = KEPT
) -> HttpResponse:
    """Send a visitor to log in; what was typed in an expired session waits there."""
    if request.method == "POST":
        waiting = request.POST.copy()
        if request.FILES:
            waiting[LOST] = "1"
        request.session[f"{keep}:{request.path}"] = waiting.urlencode()
    takes_guests = consultation.least_identity == Identity.EMAIL
    way_in = reverse("accounts:guest" if takes_guests else "account_login")
    return redirect_to_login(request.get_full_path(), way_in)
