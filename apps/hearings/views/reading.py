"""The public pages: hearings, one of them with its speaking list, its minutes, asking to speak."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.groups import StakeholderGroup
from apps.accounts.mailing import absolute
from apps.accounts.models import Organisation
from apps.consultations.feeds import calendar_file, event_of
from apps.consultations.models import Consultation
from apps.consultations.views.reading import visible_consultation
from apps.core.errors import NotAllowed
from apps.core.views import refusal_of, shows_refusals
from apps.hearings.calendars import appointment_of
from apps.hearings.counting import group_rows, missing_groups, speaking_time
from apps.hearings.models import Hearing, Speaker
from apps.hearings.places import places_of
from apps.hearings.printing import minutes_pdf
from apps.hearings.reading import minutes_of
from apps.hearings.services import RequestInput, ask_to_speak, withdraw_request

PRINTING_SECONDS = 10


def announced_hearing(request: HttpRequest, slug: str, hearing_slug: str) -> Hearing:
    """Return a hearing everybody may see; raise Http404 for others."""
    consultation = visible_consultation(request, slug)
    announced = Hearing.objects.announced().filter(consultation=consultation)
    found = get_object_or_404(announced, slug=hearing_slug)
    found.consultation = consultation
    return found


@require_safe
def hearing_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    announced = list(Hearing.objects.announced().filter(consultation=consultation))
    for one in announced:
        one.consultation = consultation
    return _show(request, "list", consultation, {"hearings": announced})


@require_safe
def hearing(request: HttpRequest, slug: str, hearing_slug: str) -> HttpResponse:
    found = announced_hearing(request, slug, hearing_slug)
    items, accepted = list(found.items.all()), list(found.speakers.accepted())
    rows = group_rows(found, accepted)
    abouts = {f"provision:{key}" for item in items for key in item.provisions}
    places = places_of(found.consultation, abouts) if abouts else {}
    context = {
        "hearing": found,
        "items": [
            (
                item,
                [places[f"provision:{k}"] for k in item.provisions if f"provision:{k}" in places],
            )
            for item in items
        ],
        "titles": {item.pk: item.title for item in items},
        "speakers": accepted,
        "rows": rows,
        "missing": missing_groups(rows),
        "time": speaking_time(found, accepted),
        "own": _own(request, found),
    }
    return _show(request, "detail", found.consultation, context)


def _own(request: HttpRequest, found: Hearing) -> list[tuple[Speaker, bool]]:
    """Return a reader's own requests, each with whether statements wait: two queries at most."""
    own = list(Speaker.objects.belonging_to(request.user).filter(hearing=found).order_by("pk"))
    if not own:
        return []
    waiting = set(
        found.statements.unanswered().filter(speaker__in=own).values_list("speaker", flat=True)
    )
    return [(one, one.pk in waiting) for one in own]


@require_safe
def calendar(request: HttpRequest, slug: str, hearing_slug: str) -> HttpResponse:
    """Answer with one hearing as a calendar file."""
    found = announced_hearing(request, slug, hearing_slug)
    event = event_of(appointment_of(found, found.items.all()), request)
    return calendar_file([event], title=found.title, name=found.slug)


def _with_minutes(request: HttpRequest, slug: str, hearing_slug: str) -> Hearing:
    found = announced_hearing(request, slug, hearing_slug)
    if found.minutes_published_at is None:
        raise Http404
    return found


@require_safe
def minutes_on_paper(request: HttpRequest, slug: str, hearing_slug: str) -> HttpResponse:
    """Answer with the minutes as a PDF, or say that it is being made."""
    found = _with_minutes(request, slug, hearing_slug)
    pdf = minutes_pdf(found)
    if pdf is None:
        answer = _show(request, "printing", found.consultation, {"hearing": found}, status=202)
        answer["Retry-After"] = str(PRINTING_SECONDS)
        return answer
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.slug}-minutes.pdf"'
    return answer


@require_safe
def minutes(request: HttpRequest, slug: str, hearing_slug: str) -> HttpResponse:
    found = _with_minutes(request, slug, hearing_slug)
    context = {
        "hearing": found,
        "matters": minutes_of(found),
        "waiting": found.statements.unanswered().count(),
        # A printed page says where it is from, and of when.
        "address": absolute(request.path),
        "now": timezone.now(),
    }
    return _show(request, "minutes", found.consultation, context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def speak(request: HttpRequest, slug: str, hearing_slug: str) -> HttpResponse:
    """Ask to speak, for oneself or for an organisation; say clearly where one cannot any more."""
    found = announced_hearing(request, slug, hearing_slug)
    organisations = list(Organisation.objects.with_submitter(request.user).order_by("name"))
    typed: Any = {name: request.POST.get(name, "") for name in ("for", "group", "item", "about")}
    typed["is_named"] = "is_named" in request.POST
    error = None
    if request.method == "POST":
        entered = _request(typed, organisations)
        error = refusal_of(lambda: ask_to_speak(found, entered, by=request.user))
        if error is None:
            messages.success(request, _("You asked to speak. You get a mail once it is decided."))
            return redirect(found)
    context = {
        "hearing": found,
        "typed": typed,
        "error": error,
        "organisations": [(one.slug, one.name) for one in organisations],
        "groups": StakeholderGroup.choices,
        "items": [(str(one.pk), one.title) for one in found.items.all()],
    }
    status = error.status if error else 200
    return _show(request, "speak", found.consultation, context, status=status)


def _request(typed: dict[str, Any], organisations: list[Organisation]) -> RequestInput:
    organisation = next((one for one in organisations if one.slug == typed["for"]), None)
    if typed["for"] and organisation is None:
        raise NotAllowed(
            _("Only a submitter or a signatory may ask to speak for this organisation.")
        )
    return RequestInput(
        about=typed["about"].strip(),
        organisation=organisation,
        group=typed["group"],
        item=typed["item"],
        is_named=typed["is_named"],
    )


@require_POST
@login_required
@shows_refusals
def withdraw(request: HttpRequest, slug: str, hearing_slug: str, speaker_id: int) -> HttpResponse:
    found = announced_hearing(request, slug, hearing_slug)
    own = Speaker.objects.belonging_to(request.user).filter(hearing=found)
    speaker = get_object_or_404(own, pk=speaker_id)
    withdraw_request(speaker, by=request.user)
    messages.success(request, _("Your request is withdrawn."))
    return redirect(found)


def _show(
    request: HttpRequest,
    page: str,
    consultation: Consultation,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    frame = {"place": "consultations", "consultation": consultation, "tab": "hearings"}
    return render(request, f"hearings/{page}.html", {**frame, **context}, status=status)
