"""The public pages of what the host decided: all responses, one, and what was done where."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.consultations.models import Consultation
from apps.consultations.views.reading import visible_consultation
from apps.core.keyset import paginate
from apps.core.views import shows_refusals
from apps.responses.counting import (
    on_provisions,
    on_questions,
    provisions_answered,
    questions_answered,
    reasons_on,
    share_told,
)
from apps.responses.ledger import ANSWERS, POINTS
from apps.responses.models import AnsweredPart, Completion, Milestone, OfficialResponse, Promise

PAGE_SIZE = 30
PARTS_IN_LIST = 5
PARTS = 100
PLACES = 5
REASONS = 5
REASONS_OF_ONE = 30


@require_safe
@shows_refusals
def response_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    given = OfficialResponse.objects.filter(consultation=consultation)
    rows = given.with_parts(most=PARTS_IN_LIST)
    page = paginate(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {
        "responses": page.items,
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
    }
    return _show(request, "list", consultation, context)


@require_safe
@shows_refusals
def response(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one response with everything it answers, page by page."""
    consultation = visible_consultation(request, slug)
    given = OfficialResponse.objects.filter(consultation=consultation).with_count()
    one = get_object_or_404(given, pk=number)
    parts = AnsweredPart.objects.standing().filter(response=one).with_target()
    page = paginate(parts, after=request.GET.get("after", ""), size=PARTS, by="number")
    context = {
        "one": one,
        "parts": page.items,
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
    }
    return _show(request, "one", consultation, context)


@require_safe
@shows_refusals
def done(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was said and what the host did, provision by provision; with `place` one alone."""
    consultation = visible_consultation(request, slug)
    keys = {POINTS: provisions_answered(consultation), ANSWERS: questions_answered(consultation)}
    kind = request.GET.get("kind", POINTS if keys[POINTS] else ANSWERS)
    kind = kind if kind in keys else POINTS
    place, number = request.GET.get("place", ""), _page_number(request)
    shown = [key for key in keys[kind] if key == place]
    if place and not shown:
        raise Http404
    first, reasons = (number * REASONS_OF_ONE, REASONS_OF_ONE) if place else (0, REASONS)
    shown = shown or keys[kind][number * PLACES : (number + 1) * PLACES]
    places = (on_provisions if kind == POINTS else on_questions)(consultation, shown)
    one_kind = "provision" if kind == POINTS else "question"
    for one in places:
        # One more than is shown tells whether there is a next page.
        page = slice(first, first + reasons + 1)
        one.reasons = reasons_on(consultation, kind=one_kind, key=one.key, page=page)
    has_next = (number + 1) * PLACES < len(keys[kind])
    if place:
        has_next = len(places[0].reasons) > reasons
    context = {
        "kind": kind,
        "kinds": [name for name, found in keys.items() if found],
        "alone": place,
        "places": places,
        "shown": reasons,
        "number": number,
        "next": number + 1 if has_next else None,
        "decisions": OfficialResponse.Decision,
    }
    return _show(request, "done", consultation, {**context, **_standing(consultation)})


def _standing(consultation: Consultation) -> dict[str, Any]:
    """Return what was promised, how far it is, and what follows."""
    completion = Completion.objects.filter(consultation=consultation).first()
    return {
        "promise": Promise.objects.filter(consultation=consultation).first(),
        "completion": completion,
        "share": share_told(consultation, completion, is_beside_tables=True),
        "milestones": Milestone.objects.filter(consultation=consultation),
    }


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 4 else 0


def _show(
    request: HttpRequest, page: str, consultation: Consultation, context: dict[str, Any]
) -> HttpResponse:
    frame = {"place": "consultations", "consultation": consultation, "tab": "submissions"}
    return render(request, f"responses/{page}.html", {**frame, **context})
