"""One hearing in the workspace: where it stands, what can be done with it, its agenda."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.consultations.views.confirming import Consequence, unconfirmed
from apps.core.errors import DomainError
from apps.core.views import refusal_of, shows_refusals
from apps.hearings.models import AgendaItem, Hearing
from apps.hearings.places import provision_choices
from apps.hearings.services import (
    ItemInput,
    add_item,
    announce_hearing,
    cancel_hearing,
    change_item,
    close_hearing,
    delete_hearing,
    move_item,
    remove_item,
)
from apps.hearings.views.planning import edited_hearing, show

DONE: dict[str, str | Promise] = {
    "announce": _("Everybody sees the hearing now and can ask to speak."),
    "cancel": _("It is cancelled. Who speaks and who follows gets a mail."),
    "close": _("It is over. You can write its minutes."),
    "delete": _("The draft is deleted."),
}
TAKE_OUT = Consequence(
    _("Take this item off the agenda?"),
    _("Its text is deleted. Who asked to speak to it stays on the list."),
    _("Take it out"),
)
DELETE = Consequence(
    _("Delete this hearing?"),
    _("The draft and its agenda are deleted. Nobody else has seen it."),
    _("Delete it"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def manage(request: HttpRequest, slug: str, hearing_slug: str) -> HttpResponse:
    """Show one hearing with its agenda; add to it, or put it in order."""
    found = edited_hearing(request, slug, hearing_slug)
    typed, error = ItemInput(""), None
    if request.POST.get("act") == "remove" and (
        page := unconfirmed(request, TAKE_OUT, about=_item(request, found).title, back=request.path)
    ):
        return page
    if request.method == "POST":
        typed = _typed(request)
        error = refusal_of(lambda: _change_agenda(request, found, typed))
        if error is None:
            return redirect("hearings:manage", slug, hearing_slug)
    return _show(request, found, typed, error=error)


@require_POST
@login_required
@shows_refusals
def act(request: HttpRequest, slug: str, hearing_slug: str) -> HttpResponse:
    """Announce, cancel, close or delete a hearing."""
    found, asked = edited_hearing(request, slug, hearing_slug), request.POST.get("act", "")
    reason, by = request.POST.get("reason", ""), request.user
    acts: dict[str, Callable[[], Any]] = {
        "announce": lambda: announce_hearing(found, by=by),
        "cancel": lambda: cancel_hearing(found, reason=reason, by=by),
        "close": lambda: close_hearing(found, by=by),
        "delete": lambda: delete_hearing(found, by=by),
    }
    if asked not in acts:
        return redirect("hearings:manage", slug, hearing_slug)
    back = reverse("hearings:manage", args=[slug, hearing_slug])
    if (
        asked == "delete"
        and found.state == Hearing.State.DRAFT
        and (page := unconfirmed(request, DELETE, about=found.title, back=back))
    ):
        return page
    error = refusal_of(acts[asked])
    if error is not None:
        return _show(request, found, ItemInput(""), error=error)
    messages.success(request, str(DONE[asked]))
    if asked == "delete":
        return redirect("hearings:workspace", slug)
    return redirect("hearings:manage", slug, hearing_slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def item(request: HttpRequest, slug: str, hearing_slug: str, item_id: int) -> HttpResponse:
    """Change one matter of the agenda."""
    found = edited_hearing(request, slug, hearing_slug)
    there = get_object_or_404(found.items, pk=item_id)
    there.hearing = found
    typed, error = ItemInput.of(there), None
    if request.method == "POST":
        typed = _typed(request)
        error = refusal_of(lambda: change_item(there, typed, by=request.user))
        if error is None:
            return redirect("hearings:manage", slug, hearing_slug)
    provisions = provision_choices(found.consultation)
    context = {"hearing": found, "typed": typed, "provisions": provisions, "tab_of": "manage"}
    return show(request, "item", found.consultation, context, error=error)


def _typed(request: HttpRequest) -> ItemInput:
    texts = {
        name: request.POST.get(name, "").replace("\r\n", "\n").strip()
        for name in ("title", "text", "minutes")
    }
    return ItemInput(**texts, provisions=request.POST.getlist("provisions"))


def _item(request: HttpRequest, found: Hearing) -> AgendaItem:
    pk = request.POST.get("item", "")
    there: AgendaItem = get_object_or_404(found.items, pk=pk if pk.isdecimal() else 0)
    there.hearing = found
    return there


def _change_agenda(request: HttpRequest, found: Hearing, typed: ItemInput) -> None:
    asked = request.POST.get("act", "")
    if asked == "add":
        add_item(found, typed, by=request.user)
    if asked not in ("earlier", "later", "remove"):
        return
    there = _item(request, found)
    if asked == "remove":
        remove_item(there, by=request.user)
    else:
        move_item(there, earlier=asked == "earlier", by=request.user)


def _show(
    request: HttpRequest, found: Hearing, typed: ItemInput, *, error: DomainError | None
) -> HttpResponse:
    provisions = provision_choices(found.consultation)
    names = dict(provisions)
    items = list(found.items.all())
    context = {
        "hearing": found,
        "items": [(one, [names.get(key, key) for key in one.provisions]) for one in items],
        "typed": typed,
        "reason": request.POST.get("reason", ""),
        "provisions": provisions,
        "tab_of": "manage",
    }
    return show(request, "manage", found.consultation, context, error=error)
