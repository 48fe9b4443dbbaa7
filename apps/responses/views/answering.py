"""The ledger: what was said, what the host decided on it, and where it answers one or many."""

import re
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation, HostRole, Provision
from apps.consultations.rules import may_edit
from apps.consultations.views.workspace import edited_consultation, read_consultation
from apps.core.errors import DomainError
from apps.core.keyset import paginate
from apps.core.views import refusal_of, shows_refusals
from apps.jobs.services import progress_of
from apps.responses.bulking import STAGES, counts_of
from apps.responses.changing import changes_in
from apps.responses.copies import campaigns_of
from apps.responses.ledger import (
    ANSWERS,
    POINTS,
    LedgerFilter,
    count_of,
    drawn,
    read_filter,
    rows_of,
    themes_of,
)
from apps.responses.models import BulkResponse, OfficialResponse
from apps.responses.reaching import reach_of
from apps.responses.rows import ledger_rows
from apps.responses.services import (
    ResponseInput,
    find_copies,
    read_target,
    respond,
    respond_to_all,
    retry_bulk,
    search_of,
)
from apps.submissions.drafting import provisions_of_today
from apps.submissions.models import PointTally, Stance

DIGITS = re.compile(r"[0-9]{1,18}")
PAGE_SIZE = 25
MOST_RUNNING = 5
STOP_POLLING = 286  # htmx stops asking when it gets this status
UNCHANGED = 204  # htmx leaves the page as it is, and a screen reader is not interrupted


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def ledger(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was said, narrowed by the address; answer what was chosen, or all that matches."""
    roles = HostRole.EDITORS if request.method == "POST" else HostRole.ANALYSTS
    consultation = read_consultation(request, slug, roles)
    made = PointTally.objects.filter(
        provision__version__document=OuterRef("version__document"), points__gt=0
    )
    of_today = provisions_of_today(consultation).annotate(has_points=Exists(made)).defer("text")
    provisions: list[Any] = list(of_today.order_by("position"))
    kind = request.GET.get("kind") or _begin_with(consultation, provisions)
    asked = read_filter({**request.GET.dict(), "kind": kind})
    error = None
    if request.method == "POST":
        error, place = _answer(request, consultation, asked)
        if error is None:
            return redirect(place)
    return _show(request, consultation, asked, error=error, provisions=provisions)


def _begin_with(consultation: Consultation, provisions: Sequence[Any]) -> str:
    """Return which of the two lists has something in it; with neither, the one that can have."""
    if any(one.has_points for one in provisions):
        return POINTS
    return ANSWERS if not provisions or consultation.questions.exists() else POINTS


def _answer(
    request: HttpRequest, consultation: Consultation, asked: LedgerFilter
) -> tuple[DomainError | None, str]:
    """Give a response; return why it was refused, or where to go on."""
    entered, slug = _typed(request), consultation.slug
    if request.POST.get("all"):
        made: list[BulkResponse] = []
        error = refusal_of(
            lambda: made.append(respond_to_all(consultation, asked, entered, by=request.user))
        )
        place = reverse("responses:bulk", args=[slug, made[0].pk]) if made else ""
        return error, place
    given: list[OfficialResponse] = []
    error = refusal_of(lambda: given.append(respond(consultation, entered, by=request.user)))
    if given:
        _tell(request, given[0])
    kept = request.GET.copy()
    for name in ("start", "target"):
        kept.pop(name, None)
    return error, f"{reverse('responses:ledger', args=[slug])}?{kept.urlencode()}"


def _tell(request: HttpRequest, given: OfficialResponse) -> None:
    letters = given.parts.filter(is_of_letter=True).count()
    count = given.parts.count() - letters
    told = ngettext("%(n)d answer was given.", "%(n)d answers were given.", count)
    messages.success(request, told % {"n": count})
    if letters:
        beside = ngettext(
            "Of %(n)d copy with own words only the letter was answered: the own words stay open.",
            "Of %(n)d copies with own words only the letter was answered: the own words stay open.",
            letters,
        )
        messages.info(request, beside % {"n": letters})


def _typed(request: HttpRequest) -> ResponseInput:
    named = [read_target(text) or (text, "") for text in request.POST.getlist("target")]
    return ResponseInput(
        targets=named,
        **{name: request.POST.get(name, "") for name in ("decision", "reason", "change")},
        anew=bool(request.POST.get("anew")),
    )


def _show(
    request: HttpRequest,
    consultation: Consultation,
    asked: LedgerFilter,
    *,
    error: DomainError | None,
    provisions: list[Provision],
) -> HttpResponse:
    page = paginate(
        rows_of(consultation, asked),
        after=request.GET.get("after", ""),
        size=PAGE_SIZE,
        drawn=drawn(asked.kind),
    )
    context: dict[str, Any] = {
        "consultation": consultation,
        "tab": "responses",
        "asked": asked,
        **_counted(consultation, asked, may_answer=may_edit(request.user, consultation)),
        "running": BulkResponse.objects.of(consultation).running()[:MOST_RUNNING],
        "rows": ledger_rows(page.items, consultation),
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
        "decisions": OfficialResponse.Decision.choices,
        "provisions": provisions,
        "changes": changes_in(consultation) if provisions else {},
        "choices": _choices(consultation, asked, provisions),
        "error": error,
        **_begun(request, consultation),
    }
    status = error.status if error else 200
    return render(request, "responses/ledger.html", context, status=status)


def _counted(
    consultation: Consultation, asked: LedgerFilter, *, may_answer: bool
) -> dict[str, Any]:
    """Return how much matches, what is known of letters, and what a response would reach."""
    search, count = search_of(consultation), count_of(consultation, asked)
    told: dict[str, Any] = {"search": search, "count": count, "may_answer": may_answer}
    has_letters = bool(search.campaigns)
    if has_letters:
        told["campaigns"] = campaigns_of(consultation)
    if may_answer and count.n:
        told["reach"] = reach_of(consultation, asked, matching=count, has_letters=has_letters)
    return told


def _begun(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """Return what was typed; before that the reason of the response the address starts from.

    The decision is left open: who answers reads the sentences that are not the letter's.
    """
    if request.method == "POST":
        return {"typed": request.POST, "chosen": request.POST.getlist("target")}
    start = request.GET.get("start", "")
    given = OfficialResponse.objects.filter(consultation=consultation)
    found = given.filter(pk=start).first() if DIGITS.fullmatch(start) else None
    typed = {"reason": found.reason} if found else {}
    return {"typed": typed, "chosen": request.GET.getlist("target")}


def _choices(
    consultation: Consultation, asked: LedgerFilter, provisions: list[Provision]
) -> dict[str, Any]:
    """Return what each filter can be set to."""
    of_text = [(one.key, str(one)[:90]) for one in provisions]
    questions = consultation.questions.order_by("position")
    return {
        "provision": of_text if asked.kind == POINTS else [],
        "question": [(one.key, one.text[:90]) for one in questions if asked.kind == ANSWERS],
        "group": StakeholderGroup.choices,
        "stance": Stance.choices,
        "theme": [(one.key, one.title[:90]) for one in themes_of(consultation, asked.kind)],
    }


@require_safe
@login_required
def bulk(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show how far a response to everything that matched is; the page can be left."""
    consultation = edited_consultation(request, slug)
    given = get_object_or_404(BulkResponse.objects.of(consultation).numbered(number))
    now, counts = progress_of(given.job_key, stages=STAGES), counts_of(given)
    done, is_over = sum(counts.values()), given.finished_at is not None or now.is_dead
    seen = f"{done}-{is_over}-{now.is_dead}"
    context: dict[str, Any] = {
        "consultation": consultation,
        "tab": "responses",
        "bulk": given,
        "counts": counts,
        "done": done,
        "percent": 100 * done // given.count,
        "progress": now,
        "is_over": is_over,
        "seen": seen,
    }
    if "HX-Request" not in request.headers:
        return render(request, "responses/bulk.html", context)
    if not is_over and request.GET.get("seen") == seen:
        return HttpResponse(status=UNCHANGED)
    return render(request, "responses/_bulk.html", context, status=STOP_POLLING if is_over else 200)


@require_POST
@login_required
@shows_refusals
def retry(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Try the parts again that were given up."""
    consultation = edited_consultation(request, slug)
    given = get_object_or_404(BulkResponse.objects.of(consultation).numbered(number))
    retry_bulk(given, by=request.user)
    return redirect("responses:bulk", slug, number)


@require_POST
@login_required
@shows_refusals
def copies(request: HttpRequest, slug: str) -> HttpResponse:
    """Look for letters with the same text; the page can be left."""
    consultation = edited_consultation(request, slug)
    find_copies(consultation, by=request.user)
    messages.success(request, _("We are looking for letters with the same text."))
    return redirect("responses:ledger", slug)
