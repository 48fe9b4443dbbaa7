"""Letters and mails in the workspace, entered on behalf of who sent them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from apps.accounts.groups import StakeholderGroup
from apps.audit.models import Receipt
from apps.audit.services import reserve_number
from apps.core.errors import DomainError
from apps.core.files import was_cut
from apps.core.languages import language_choices
from apps.core.views import refusal_of, shows_refusals
from apps.submissions.errors import AlreadyFiled, FileRefused
from apps.submissions.fields import QuestionField
from apps.submissions.formdata import content_from
from apps.submissions.forms import ResponseForm
from apps.submissions.inputs import AnswerInput, DraftInput, FileNote, PointInput
from apps.submissions.models import Attachment, KeptBack, Submission
from apps.submissions.services import (
    FileInput,
    PaperInput,
    attach,
    enter_for_somebody,
    take_back,
    why_taken_back,
)
from apps.submissions.views.importing import show, taking_in

OWN = ("source", "received_on", "organisation", "title", "country", "language", "text", "files")
SALT = "submissions.paper"
VALID = 7 * 24 * 3600  # seconds
TOO_LARGE = _("Together, the files are too large to send at once. Attach one at a time.")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter what came on paper or by e-mail; whatever is refused, what was typed stays."""
    consultation = taking_in(request, slug)
    entered = PaperInput(DraftInput(language=consultation.language))
    error: DomainError | None = None
    act = request.POST.get("act", "")
    kept_back = request.POST.get("kept_back", KeptBack.PERSONAL.value)
    number = _reserved(request, slug)
    if request.method == "POST":
        entered, error = _entered(request, kept_back)
        entered = replace(entered, number=number)
        receipts: list[Receipt] = []
        if error is None and not act:
            error = refusal_of(
                lambda: receipts.append(enter_for_somebody(consultation, entered, by=request.user))
            )
        if receipts or isinstance(error, AlreadyFiled):
            return redirect("submissions:paper-filed", slug, number)
    content = entered.content
    if act == "point":
        content = replace(content, points=[*content.points, PointInput("")])
    form = ResponseForm(
        consultation, content, group=content.group, errors=error.fields if error else None
    )
    keys = [note.key for note in content.attachments]
    context = {
        "consultation": consultation,
        "entered": entered,
        "number": signing.dumps([slug, number], salt=SALT),
        "form": form,
        "questions": _questions(form),
        "files": Attachment.objects.loose().filter(sender=request.user.pk, key__in=keys),
        "kept_back": kept_back,
        "reasons": KeptBack.choices,
        "groups": StakeholderGroup.choices,
        "languages": language_choices(),
        "sources": [(one, Submission.Source(one).label) for one in Submission.BY_STAFF],
        "summary": _summary(form, error),
    }
    return show(request, "paper", context, error=error)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def paper_filed(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Show the receipt, to hand over to whoever sent it; take back what was entered by mistake."""
    consultation = taking_in(request, slug)
    by_staff = consultation.submissions.filter(source__in=Submission.BY_STAFF)
    submission = get_object_or_404(by_staff, reference=reference)
    submission.consultation = consultation
    why, error = request.POST.get("why", ""), None
    if request.method == "POST":
        error = refusal_of(lambda: take_back(submission, why, by=request.user))
        if error is None:
            return redirect("submissions:paper-filed", slug, reference)
    context = {
        "consultation": consultation,
        "submission": submission,
        "receipt": get_object_or_404(Receipt, number=reference),
        "files": list(submission.attachments.in_order()),
        "why": why or why_taken_back(submission),
    }
    return show(request, "paper_filed", context, error=error)


def _reserved(request: HttpRequest, slug: str) -> str:
    """Return the tracking number the form was given: pressed twice, it is filed once."""
    try:
        of, number = signing.loads(request.POST.get("number", ""), salt=SALT, max_age=VALID)
    except signing.BadSignature:
        return reserve_number()
    return str(number) if of == slug else reserve_number()


def _entered(request: HttpRequest, kept_back: str) -> tuple[PaperInput, DomainError | None]:
    """Return what was typed, with the files that came along, and why some were not taken."""
    keys, refusals = _attached(request)
    typed = content_from(request.POST, group=request.POST.get("group", ""))
    notes = [replace(note, kept_back=kept_back) for note in typed.attachments]
    content = replace(
        typed,
        points=[one for one in typed.points if one.provision or not one.is_empty],
        attachments=[*notes, *(FileNote(key, kept_back=kept_back) for key in keys)],
        title=request.POST.get("title", "").strip(),
        language=request.POST.get("language", ""),
        country=request.POST.get("country", "").strip(),
    )
    entered = PaperInput(
        content,
        **{name: request.POST.get(name, "") for name in ("source", "received_on", "organisation")},
        text=request.POST.get("text", ""),
    )
    if refusals:
        return entered, FileRefused(
            _("Not every file could be attached."), fields={"files": list(refusals)}
        )
    return entered, None


def _attached(request: HttpRequest) -> tuple[list[str], Sequence[str | Promise]]:
    keys: list[str] = []
    refusals: list[str | Promise] = [TOO_LARGE] if was_cut(request) else []
    for sent in request.FILES.getlist("files"):
        if sent.file is None:
            continue
        try:
            kept = attach(None, FileInput(sent.name or "", sent.file), by=request.user)
        except DomainError as refusal:
            refusals.append(refusal.message)
        else:
            keys.append(kept.key)
    return keys, refusals


def _questions(form: ResponseForm) -> list[QuestionField]:
    """Return every question: a letter may answer any."""
    answers = {answer.question: answer for answer in form.content.answers}
    return [
        QuestionField(
            question,
            answers.get(key, AnswerInput(question=key)),
            form.errors.get(f"answers.{key}", ()),
        )
        for key, question in form.asked.questions.items()
    ]


def _summary(form: ResponseForm, error: DomainError | None) -> list[tuple[str, Any]]:
    """Return (anchor, message) for the error summary."""
    if error is None:
        return []
    own = [(name, told) for name in OWN for told in error.fields.get(name, ())]
    form.errors = {place: told for place, told in error.fields.items() if place not in OWN}
    others = [(anchor, message) for anchor, message, _step in form.summary()]
    return own + others
