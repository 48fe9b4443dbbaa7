"""Where the questions of a consultation are written and put in order."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts.groups import StakeholderGroup
from apps.consultations.inputs import QuestionInput
from apps.consultations.models import Consultation, DraftProvision, Provision, Question, Stance
from apps.consultations.services import (
    answered_by,
    change_question,
    move_question,
    remove_question,
    restore_question,
    values_of,
    write_question,
)
from apps.consultations.services.questions import CONDITIONAL_ON
from apps.consultations.views.confirming import Consequence, unconfirmed
from apps.consultations.views.workspace import edited_consultation, show
from apps.core.errors import DomainError
from apps.core.views import refusal_of, shows_refusals

TEXTS = ("text", "hint", "kind", "provision_key", "scale_low", "scale_high", "condition_key")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """List the questions; move one, take one out, ask an archived one again."""
    consultation = edited_consultation(request, slug)
    error = None
    if request.method == "POST":
        question = get_object_or_404(consultation.questions, key=request.POST.get("question", ""))
        question.consultation = consultation
        if request.POST.get("act") == "remove":
            asked = _taking_out(question)
            if page := unconfirmed(request, asked, about=question.text, back=request.path):
                return page
        error = refusal_of(lambda: _act(request, question))
        if error is None:
            return redirect("consultations:questions", slug)
    there = list(consultation.questions.order_by("position"))
    context = {
        "consultation": consultation,
        "tab": "questions",
        "asked": [one for one in there if one.archived_at is None],
        "archived": [one for one in there if one.archived_at is not None],
        "names": {one.key: one.text for one in there},
    }
    return show(request, "questions", context, error=error)


def _taking_out(question: Question) -> Consequence:
    """Return what becomes of a question and of the answers it was given."""
    n = answered_by(question)
    told = _("Nobody is asked it any more. Nobody has answered it, so it is deleted for good.")
    if n is not None:
        told = ngettext(
            "Nobody is asked it any more. %(n)d response answers it, drafts counted too: it goes"
            " to the archive, and the answer stays.",
            "Nobody is asked it any more. %(n)d responses answer it, drafts counted too: it goes"
            " to the archive, and the answers stay.",
            n,
        ) % {"n": n}
    return Consequence(_("Take this question out?"), told, _("Take it out"))


def _act(request: HttpRequest, question: Question) -> None:
    act = request.POST.get("act", "")
    if act in ("earlier", "later"):
        move_question(question, earlier=act == "earlier", by=request.user)
    elif act == "restore":
        restore_question(question, by=request.user)
    elif act == "remove":
        is_archived = remove_question(question, by=request.user)
        messages.success(
            request,
            _("Archived: it is asked no more, and the answers it was given stay.")
            if is_archived
            else _("Taken out. Nobody had answered it."),
        )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def new(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = edited_consultation(request, slug)
    typed, error = QuestionInput(key="", text=""), None
    if request.method == "POST":
        typed = _typed(request)
        error = refusal_of(lambda: write_question(consultation, typed, by=request.user))
        if error is None:
            messages.success(request, _("The question was added."))
            return redirect("consultations:questions", slug)
    return _show(request, consultation, None, typed, error=error)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def change(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    consultation = edited_consultation(request, slug)
    question = get_object_or_404(consultation.questions, key=key)
    question.consultation = consultation
    typed, error = _as_typed(question), None
    if request.method == "POST":
        typed = _typed(request)
        error = refusal_of(lambda: change_question(question, typed, by=request.user))
        if error is None:
            messages.success(request, _("Saved."))
            return redirect("consultations:questions", slug)
    return _show(request, consultation, question, typed, error=error)


def _typed(request: HttpRequest) -> QuestionInput:
    texts = {name: request.POST.get(name, "").replace("\r\n", "\n").strip() for name in TEXTS}
    lines = request.POST.get("choices", "").splitlines()
    # Values of a condition belong to the question it names: others were ticked for another one.
    on, values = texts["condition_key"], request.POST.getlist("condition_values")
    return QuestionInput(
        key="",
        **texts,
        is_required="is_required" in request.POST,
        groups=request.POST.getlist("groups"),
        choices=[("", line.strip()) for line in lines if line.strip()],
        condition_values=[
            one.removeprefix(f"{on}/") for one in values if on and one.startswith(f"{on}/")
        ],
    )


def _as_typed(question: Question) -> QuestionInput:
    return QuestionInput(
        key=question.key,
        **{name: getattr(question, name) for name in TEXTS},
        is_required=question.is_required,
        groups=question.groups,
        choices=[(one.key, one.label) for one in question.choices.all()],
        condition_values=question.condition_values,
    )


def _show(
    request: HttpRequest,
    consultation: Consultation,
    question: Question | None,
    typed: QuestionInput,
    *,
    error: DomainError | None,
) -> HttpResponse:
    there = list(consultation.questions.asked().order_by("position").prefetch_related("choices"))
    earlier = [one for one in there if question is None or one.position < question.position]
    context = {
        "consultation": consultation,
        "tab": "questions",
        "question": question,
        "typed": typed,
        "choices": "\n".join(label for _key, label in typed.choices),
        "kinds": Question.Kind.choices,
        "groups": StakeholderGroup.choices,
        "provisions": _places(consultation, typed),
        "conditions": [_condition(one) for one in earlier if one.kind in CONDITIONAL_ON],
    }
    return show(request, "question", context, error=error)


def _condition(question: Question) -> dict[str, Any]:
    said = {choice.key: choice.label for choice in question.choices.all()}
    said |= {value: str(label) for value, label in Stance.choices}
    values = [(value, said.get(value, value)) for value in values_of(question)]
    return {"question": question, "values": values}


def _places(consultation: Consultation, typed: QuestionInput) -> Sequence[tuple[str, Any]]:
    """Return what a question can be about; nothing to choose where there is no text to come."""
    named = _provisions(consultation)
    if not named and not typed.provision_key:
        return []
    return [(Question.WHOLE_TEXT, _("The whole text")), *named]


def _provisions(consultation: Consultation) -> Sequence[tuple[str, str]]:
    """Return key and name of every provision, in preparation or published: two queries."""
    drafted = DraftProvision.objects.filter(document__consultation=consultation)
    published = Provision.objects.filter(version__document__consultation=consultation)
    named = {one.key: str(one) for one in drafted.defer("text").order_by("document", "position")}
    for one in published.defer("text").order_by("-version__number", "position"):
        named.setdefault(one.key, str(one))
    return list(named.items())
