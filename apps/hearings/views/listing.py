"""The speaking list in the workspace: who asked, who is on it, in which order, for how long."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.groups import StakeholderGroup
from apps.core.errors import DomainError
from apps.core.forms import whole_number
from apps.core.views import refusal_of, shows_refusals
from apps.hearings.counting import group_rows, missing_groups, speaking_time
from apps.hearings.models import Hearing, Speaker
from apps.hearings.services import (
    SpeakerInput,
    accept,
    add_speaker,
    decline,
    move_speaker,
    order_in_turn,
    set_address,
    set_all_minutes,
)
from apps.hearings.views.planning import edited_hearing, show

TIME = "minutes-"
ACTS = ("accept", "decline", "address")
TYPED = ("name", "organisation", "email", "group", "item", "minutes")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def speakers(request: HttpRequest, slug: str, hearing_slug: str) -> HttpResponse:
    """Show who asked and who speaks; decide, give time, put in order."""
    found = edited_hearing(request, slug, hearing_slug)
    error = None
    if request.method == "POST":
        error = _act(request, found)
        if error is None:
            return redirect("hearings:speakers", slug, hearing_slug)
    return _show(request, found, error=error)


def _act(request: HttpRequest, found: Hearing) -> DomainError | None:
    """Do what was asked; of a refusal the fields are named as on the page."""
    asked, by = request.POST.get("act", ""), request.user
    if asked == "turn":
        return refusal_of(lambda: order_in_turn(found, by=by))
    act, _dash, number = asked.partition("-")
    if asked == "all" or (act in ("earlier", "later") and number):
        return refusal_of(lambda: _save_list(request, found, act, number))
    if asked not in ACTS:
        return None
    pk = request.POST.get("speaker", "")
    there = get_object_or_404(found.speakers, pk=pk if pk.isdecimal() else 0)
    there.hearing = found
    minutes, reason, email = (request.POST.get(name, "") for name in ("minutes", "reason", "email"))
    acts: dict[str, Callable[[], Any]] = {
        "accept": lambda: accept(there, minutes=minutes, by=by),
        "decline": lambda: decline(there, reason=reason, by=by),
        "address": lambda: set_address(there, email=email, by=by),
    }
    error = refusal_of(acts[asked])
    if error is None and asked == "address":
        messages.success(request, _("Saved."))
    if error is not None:
        error.fields = {f"{name}-{there.pk}": told for name, told in error.fields.items()}
    return error


def _save_list(request: HttpRequest, found: Hearing, act: str, number: str) -> None:
    """Keep the minutes typed for everybody on the list, and move one: nothing typed is lost."""
    set_all_minutes(found, _minutes_typed(request), by=request.user)
    if act == "all":
        messages.success(request, _("The minutes to speak were saved."))
        return
    there = get_object_or_404(found.speakers, pk=whole_number(number) or 0)
    there.hearing = found
    move_speaker(there, earlier=act == "earlier", by=request.user)


def _minutes_typed(request: HttpRequest) -> dict[int, str]:
    """Return what was typed as minutes, by the id of the speaker."""
    named = {name: str(typed) for name, typed in request.POST.items() if name.startswith(TIME)}
    numbered = {whole_number(name.removeprefix(TIME)): typed for name, typed in named.items()}
    return {pk: typed for pk, typed in numbered.items() if pk is not None}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def add(request: HttpRequest, slug: str, hearing_slug: str) -> HttpResponse:
    """Put somebody without an account on the list."""
    found = edited_hearing(request, slug, hearing_slug)
    typed, error = SpeakerInput(minutes=str(found.minutes_each)), None
    if request.method == "POST":
        texts = {name: request.POST.get(name, "").strip() for name in TYPED}
        typed = SpeakerInput(**texts, is_named="is_named" in request.POST)
        error = refusal_of(lambda: add_speaker(found, typed, by=request.user))
        if error is None:
            messages.success(request, _("The speaker is on the list."))
            return redirect("hearings:speakers", slug, hearing_slug)
    context = {
        "hearing": found,
        "typed": typed,
        "groups": StakeholderGroup.choices,
        "items": [(str(one.pk), one.title) for one in found.items.all()],
        "tab_of": "speakers",
    }
    return show(request, "speaker", found.consultation, context, error=error)


def _show(request: HttpRequest, found: Hearing, *, error: DomainError | None) -> HttpResponse:
    everybody = list(found.speakers.select_related("item", "person"))
    on_list = sorted(
        (one for one in everybody if one.is_accepted), key=lambda one: (one.position, one.pk)
    )
    rows = group_rows(found, on_list)
    times = _minutes_typed(request)
    state = Speaker.State
    context = {
        "hearing": found,
        "asked": [one for one in everybody if one.state == state.ASKED],
        "accepted": [(one, times.get(one.pk, one.minutes)) for one in on_list],
        "others": [one for one in everybody if one.state in (state.DECLINED, state.WITHDRAWN)],
        "rows": rows,
        "missing": missing_groups(rows),
        "time": speaking_time(found, on_list),
        "typed": request.POST,
        "tab_of": "speakers",
    }
    return show(request, "speakers", found.consultation, context, error=error)
