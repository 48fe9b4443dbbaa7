"""The stakeholder map: whom a host wants to hear, who was invited, who began, who is missing."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts.groups import StakeholderGroup
from apps.consultations.listing import ListRow, decoded, read_list
from apps.consultations.models import Consultation, Stakeholder
from apps.consultations.sections import standings_of
from apps.consultations.services import (
    add_stakeholders,
    invite,
    remind,
    remove_stakeholder,
    set_goals,
)
from apps.consultations.services.editing import InvalidEntry
from apps.consultations.services.inviting import told_of
from apps.consultations.views.confirming import Consequence, unconfirmed
from apps.consultations.views.workspace import edited_consultation, show
from apps.core.errors import DomainError
from apps.core.forms import whole_number
from apps.core.keyset import paginate
from apps.core.views import refusal_of, shows_refusals

PAGE_SIZE = 100
LARGEST_FILE = 1_000_000  # bytes
TAKE_OFF = Consequence(
    gettext_lazy("Take this stakeholder off the list?"),
    gettext_lazy(
        "When they were invited is forgotten, so another mail could go out. What they filed stays."
    ),
    gettext_lazy("Take them off"),
)
MOST_SHOWN = 100  # rows that cannot be taken in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def stakeholders(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the map; set goals, list stakeholders, invite some, take one off."""
    consultation = edited_consultation(request, slug)
    error = None
    preview: list[ListRow] | None = None
    if asked_first := _asked_first(request, consultation):
        return asked_first
    if request.POST.get("act") == "upload":
        error, preview = _uploaded(request)
    elif request.method == "POST":
        error = refusal_of(lambda: _act(request, consultation))
        if error is None:
            return redirect("consultations:stakeholders", slug)
    context = {
        "consultation": consultation,
        "tab": "stakeholders",
        "days": settings.INVITED_ADDRESS_DAYS,
        **_listed(request, consultation),
        "goals": _goals_typed(request, consultation, error),
        "typed": request.POST,
        **_reminders(consultation),
        "listed": request.POST.get("listed", ""),
        "chosen": request.POST.getlist("stakeholders"),
    }
    if preview is not None:
        context |= _previewed(preview)
    return show(request, "stakeholders", context, error=error)


def _listed(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """Return a page of the list, of one group where that is asked for."""
    listed = consultation.stakeholders.all()
    if (group := request.GET.get("group", "")) in StakeholderGroup.values:
        listed = listed.filter(group=group)
    page = paginate(listed, after=request.GET.get("after", ""), size=PAGE_SIZE, by="id")
    standings = standings_of(consultation, page.items)
    return {
        "group": group,
        "rows": [(one, standings.get(one.pk, "")) for one in page.items],
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
    }


def _goals_typed(
    request: HttpRequest, consultation: Consultation, error: DomainError | None
) -> list[tuple[Any, ...]]:
    """Return each group with its label, the goal as it was typed or is set, and what is wrong."""
    goals = dict(consultation.goals.values_list("group", "goal"))
    return [
        (
            value,
            label,
            request.POST.get(f"goal-{value}", goals.get(value, "")),
            error.fields.get(f"goal-{value}") if error else None,
        )
        for value, label in StakeholderGroup.choices
    ]


def _asked_first(request: HttpRequest, consultation: Consultation) -> HttpResponse | None:
    """Return the page that asks before somebody is taken off the list, None for all else."""
    act, _prefix, number = request.POST.get("act", "").partition("-")
    if act != "remove" or not number.isdecimal():
        return None
    row = get_object_or_404(consultation.stakeholders, pk=int(number))
    return unconfirmed(request, TAKE_OFF, about=row.name, back=request.path)


def _act(request: HttpRequest, consultation: Consultation) -> None:
    act = request.POST.get("act", "")
    acts = {"goals": _goals, "list": _list, "invite": _invite, "remind": _remind}
    if act in acts:
        messages.success(request, acts[act](request, consultation))
    elif act.startswith("remove-") and act.removeprefix("remove-").isdecimal():
        row = get_object_or_404(consultation.stakeholders, pk=int(act.removeprefix("remove-")))
        row.consultation = consultation
        remove_stakeholder(row, by=request.user)
        messages.success(request, _("Taken off the list. What they filed stays."))


def _uploaded(request: HttpRequest) -> tuple[DomainError | None, list[ListRow] | None]:
    """Read a file for the preview; nothing is kept before the rows are sent as a list."""
    sent = request.FILES.get("file")
    if sent is None or not sent.size or sent.size > LARGEST_FILE:
        return _no_list(_("Choose a CSV file of up to 1 MB.")), None
    text = decoded(sent.read())
    if "\0" in text:
        return _no_list(
            _("This is no CSV file. Save your table as CSV, then choose it here.")
        ), None
    return None, read_list(text)


def _no_list(told: str) -> DomainError:
    return InvalidEntry(_("Some of what you entered needs attention."), fields={"file": [told]})


def _previewed(rows: list[ListRow]) -> dict[str, Any]:
    good = "\n".join(row.line for row in rows if not row.told)
    bad = [row for row in rows if row.told][:MOST_SHOWN]
    return {"is_preview": True, "listed": good, "good": good, "bad": bad}


def _reminders(consultation: Consultation) -> dict[str, Any]:
    """Return whether reminders may go out, else from when on: one query."""
    first = consultation.stakeholders.aggregate(at=Min("invited_at"))["at"]
    at = first + Stakeholder.PAUSE if first else None
    return {"may_remind": at is not None and at <= timezone.now(), "next_reminder_at": at}


def _remind(request: HttpRequest, consultation: Consultation) -> str:
    return told_of(remind(consultation, message=request.POST.get("message", ""), by=request.user))


def _goals(request: HttpRequest, consultation: Consultation) -> str:
    typed = {value: request.POST.get(f"goal-{value}", "") for value in StakeholderGroup.values}
    set_goals(
        consultation, {group: _number(text) for group, text in typed.items()}, by=request.user
    )
    return _("The goals were saved.")


def _number(text: str) -> int | None:
    """Return a whole number, None for nothing, and -1 for what is no number."""
    text = text.strip()
    if not text:
        return None
    number = whole_number(text)
    return -1 if number is None else number


def _list(request: HttpRequest, consultation: Consultation) -> str:
    added = add_stakeholders(consultation, request.POST.get("listed", ""), by=request.user)
    return ngettext("%(n)d line was taken in.", "%(n)d lines were taken in.", added) % {"n": added}


def _invite(request: HttpRequest, consultation: Consultation) -> str:
    chosen: Any = request.POST.getlist("stakeholders")
    ids = [int(one) for one in chosen if one.isdecimal() and len(one) < 19]
    invited = invite(consultation, ids, message=request.POST.get("message", ""), by=request.user)
    return told_of(invited)
