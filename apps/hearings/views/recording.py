"""The minutes in the workspace: statements speaker by speaker, sent, answered, published."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from apps.consultations.models import Stance
from apps.consultations.views.confirming import Consequence, unconfirmed
from apps.core.errors import DomainError
from apps.core.views import refusal_of, shows_refusals
from apps.hearings.models import Hearing, Speaker, Statement
from apps.hearings.places import about_choices, places_of
from apps.hearings.services import (
    StatementInput,
    change_statement,
    publish_minutes,
    recall_statement,
    remind_speakers,
    remove_statement,
    send_statements,
    write_statement,
)
from apps.hearings.views.planning import edited_hearing, show
from apps.submissions.models import Point

TAKE_OUT = Consequence(
    gettext_lazy("Take this statement out of the minutes?"),
    gettext_lazy("Its words are deleted, and the speaker is not asked about them."),
    gettext_lazy("Take it out"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def statements(request: HttpRequest, slug: str, hearing_slug: str) -> HttpResponse:
    """Show what was written of each speaker; send it, take it back, remind, publish."""
    found = edited_hearing(request, slug, hearing_slug)
    error = None
    if request.POST.get("act") == "remove" and (
        page := unconfirmed(request, TAKE_OUT, about=_one(request, found).text, back=request.path)
    ):
        return page
    if request.method == "POST":
        error = _act(request, found)
        if error is None:
            return redirect("hearings:statements", slug, hearing_slug)
    return _show(request, found, error=error)


def _act(request: HttpRequest, found: Hearing) -> DomainError | None:
    asked, by = request.POST.get("act", ""), request.user
    told: list[str] = []

    def sent() -> None:
        speaker = get_object_or_404(found.speakers, pk=_pk(request, "speaker"))
        speaker.hearing = found
        n = send_statements(speaker, by=by)
        told.append(
            ngettext("%(n)d statement was sent.", "%(n)d statements were sent.", n) % {"n": n}
        )

    def reminded() -> None:
        n = remind_speakers(found, by=by)
        told.append(
            ngettext("%(n)d mail is on its way.", "%(n)d mails are on their way.", n) % {"n": n}
        )

    def published() -> None:
        publish_minutes(found, by=by)
        told.append(_("Everybody can read the minutes now."))

    acts: dict[str, Callable[[], Any]] = {
        "send": sent,
        "remind": reminded,
        "publish": published,
        "recall": lambda: recall_statement(_one(request, found), by=by),
        "remove": lambda: remove_statement(_one(request, found), by=by),
    }
    error = refusal_of(acts[asked]) if asked in acts else None
    for message in told:
        messages.success(request, message)
    return error


def _pk(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 18 else 0


def _one(request: HttpRequest, found: Hearing) -> Statement:
    there = get_object_or_404(found.statements, pk=_pk(request, "statement"))
    there.hearing = found
    return there


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def write(request: HttpRequest, slug: str, hearing_slug: str, speaker_id: int) -> HttpResponse:
    """Write down what one speaker said; the next statement can follow at once."""
    found = edited_hearing(request, slug, hearing_slug)
    speaker = get_object_or_404(found.speakers, pk=speaker_id)
    speaker.hearing = found
    typed, error = StatementInput(item=str(speaker.item_id or "")), None
    if request.method == "POST":
        typed = _typed(request)
        error = refusal_of(lambda: write_statement(speaker, typed, by=request.user))
        if error is None:
            messages.success(request, _("Saved. The speaker sees it once you send it."))
            return _next(request, "hearings:statement-new", slug, hearing_slug, speaker_id)
    context = {"speaker": speaker, "typed": typed, "is_new": True}
    return _form(request, found, context, error=error)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def change(request: HttpRequest, slug: str, hearing_slug: str, statement_id: int) -> HttpResponse:
    """Change a statement that was not sent, or that its speaker contests."""
    found = edited_hearing(request, slug, hearing_slug)
    there = get_object_or_404(found.statements.select_related("speaker"), pk=statement_id)
    there.hearing = found
    typed, error = StatementInput.of(there), None
    if request.method == "POST":
        typed = _typed(request)
        error = refusal_of(lambda: change_statement(there, typed, by=request.user))
        if error is None:
            messages.success(request, _("Saved. The speaker sees it once you send it."))
            return redirect("hearings:statements", slug, hearing_slug)
    context = {"speaker": there.speaker, "statement": there, "typed": typed}
    return _form(request, found, context, error=error)


def _next(
    request: HttpRequest, again: str, slug: str, hearing_slug: str, speaker_id: int
) -> HttpResponse:
    if "again" in request.POST:
        return redirect(again, slug, hearing_slug, speaker_id)
    return redirect("hearings:statements", slug, hearing_slug)


def _typed(request: HttpRequest) -> StatementInput:
    names = ("text", "about", "item", "stance", "ask")
    return StatementInput(**{name: request.POST.get(name, "") for name in names})


def _form(
    request: HttpRequest, found: Hearing, context: dict[str, Any], *, error: DomainError | None
) -> HttpResponse:
    offered = {
        "hearing": found,
        "abouts": about_choices(found.consultation),
        "items": [(str(one.pk), one.title) for one in found.items.all()],
        "stances": Stance.choices,
        "asks": Point.Ask.choices,
        "tab_of": "statements",
    }
    return show(request, "statement", found.consultation, {**offered, **context}, error=error)


def _show(request: HttpRequest, found: Hearing, *, error: DomainError | None) -> HttpResponse:
    written = Statement.objects.select_related("submission", "item").order_by("pk")
    spoke = Q(state=Speaker.State.ACCEPTED) | Q(statements__isnull=False)
    listed = found.speakers.filter(spoke).distinct().order_by("position", "pk")
    fetched = Prefetch("statements", written)
    speakers = list(listed.select_related("person").prefetch_related(fetched))
    every = [one for speaker in speakers for one in speaker.statements.all()]
    places = places_of(found.consultation, {one.about for one in every})
    rows = [
        {
            "speaker": speaker,
            "statements": [(one, places.get(one.about)) for one in speaker.statements.all()],
            "drafts": sum(one.state == Statement.State.DRAFT for one in speaker.statements.all()),
        }
        for speaker in speakers
    ]
    context = {
        "hearing": found,
        "rows": rows,
        "waiting": sum(one.state == Statement.State.SENT for one in every),
        "contested": sum(one.state == Statement.State.CONTESTED for one in every),
        "confirmed": sum(one.state == Statement.State.CONFIRMED for one in every),
        "tab_of": "statements",
    }
    return show(request, "statements", found.consultation, context, error=error)
