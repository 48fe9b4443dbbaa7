"""Where a speaker reads what the minutes say, and answers: with an account, or with a link."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.consultations.models import Stance
from apps.core.errors import DomainError
from apps.core.forms import whole_number
from apps.core.views import refusal_of, shows_refusals
from apps.hearings.models import Speaker, Statement
from apps.hearings.places import places_of
from apps.hearings.proving import read_token
from apps.hearings.services import Act, Confirmation, answer_statements, take_back
from apps.submissions.models import Point, Submission


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def own(request: HttpRequest, speaker_id: int) -> HttpResponse:
    """Show what waits for a person, or for an organisation one may submit for."""
    known = Speaker.objects.belonging_to(request.user).select_related("hearing__consultation")
    speaker = get_object_or_404(known, pk=speaker_id)
    return _answer(request, speaker, by=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def by_link(request: HttpRequest, speaker_token: str) -> HttpResponse:
    """Show the same to who has the link of the mail; following it changes nothing."""
    speaker = _of_token(speaker_token)
    if speaker is None:
        return render(request, "hearings/statements.html", {"is_wrong": True}, status=404)
    return _answer(request, speaker, by=None, token=speaker_token)


@require_POST
@shows_refusals
def take_back_by_link(request: HttpRequest, speaker_token: str, reference: str) -> HttpResponse:
    """Withdraw what was confirmed with the link."""
    speaker = _of_token(speaker_token)
    if speaker is None:
        return render(request, "hearings/statements.html", {"is_wrong": True}, status=404)
    filed = Submission.objects.filter(statements__speaker=speaker).distinct()
    take_back(speaker, get_object_or_404(filed, reference=reference.replace("\0", "")))
    messages.success(request, _("It is withdrawn. Your words are no longer shown."))
    return redirect("hearings:statements-link", speaker_token)


def _of_token(token: str) -> Speaker | None:
    try:
        return read_token(token)
    except (BadSignature, Speaker.DoesNotExist):
        return None


def _answer(request: HttpRequest, speaker: Speaker, *, by: Any, token: str = "") -> HttpResponse:
    error = None
    if request.method == "POST":
        waiting = speaker.statements.unanswered().values_list("pk", flat=True)
        given = [_typed(request, pk) for pk in waiting]
        filed: list[Submission | None] = []
        error = refusal_of(lambda: filed.append(answer_statements(speaker, given, by=by)))
        if error is None:
            messages.success(request, _told_of(filed[0]))
            return redirect(request.path)
    return _show(request, speaker, error=error, token=token)


def _told_of(filed: Submission | None) -> str:
    if filed is None:
        return _("Thank you. Your answers are saved; nothing was filed.")
    return _("Thank you. What you confirmed is filed and public now.")


def _typed(request: HttpRequest, pk: int) -> Confirmation:
    texts = {name: request.POST.get(f"{name}-{pk}", "") for name in ("act", "text")}
    position = {name: request.POST.get(f"{name}-{pk}", "") for name in ("stance", "ask")}
    revision = whole_number(request.POST.get(f"revision-{pk}", "")) or 0
    return Confirmation(pk, revision=revision, **texts, **position)


def _show(
    request: HttpRequest, speaker: Speaker, *, error: DomainError | None, token: str
) -> HttpResponse:
    sent = speaker.statements.exclude(state=Statement.State.DRAFT)
    statements = list(sent.select_related("item", "submission").in_order())
    places = places_of(speaker.hearing.consultation, {one.about for one in statements})
    waiting = [one for one in statements if one.state == Statement.State.SENT]
    context = {
        "consultation": speaker.hearing.consultation,
        "hearing": speaker.hearing,
        "speaker": speaker,
        "waiting": [_row(request, one, places.get(one.about), error) for one in waiting],
        "answered": [
            (one, places.get(one.about)) for one in statements if one.state != Statement.State.SENT
        ],
        "filed": _filed(statements),
        "token": token,
        "acts": Act.choices,
        "stances": Stance.choices,
        "asks": Point.Ask.choices,
        "error": error,
    }
    status = error.status if error else 200
    return render(request, "hearings/statements.html", context, status=status)


def _filed(statements: list[Statement]) -> list[Submission]:
    found = {one.submission.pk: one.submission for one in statements if one.submission}
    return list(found.values())


def _row(
    request: HttpRequest, statement: Statement, place: Any, error: DomainError | None
) -> dict[str, Any]:
    names = ("act", "text", "stance", "ask")
    typed = {name: request.POST.get(f"{name}-{statement.pk}", "") for name in names}
    if request.method != "POST":
        typed = {"act": "", "text": "", "stance": statement.stance, "ask": statement.ask}
    told = {name: error.fields.get(f"{name}-{statement.pk}") if error else None for name in names}
    return {"statement": statement, "place": place, "typed": typed, "told": told}
