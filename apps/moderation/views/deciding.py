"""Where moderators see what waits for them, and decide it."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation, HostRole
from apps.consultations.rules import may_moderate
from apps.consultations.views.workspace import read_consultation
from apps.core.errors import DomainError
from apps.core.keyset import paginate
from apps.core.views import refusal_of, shows_refusals
from apps.moderation.counting import statistics_of
from apps.moderation.models import DEFINITIONS, Appeal, Case, Decision, LiftReason, Rule
from apps.moderation.paging import file_of, why_not_by_page
from apps.moderation.sections import removed_words
from apps.moderation.services import (
    DecisionInput,
    decide,
    decide_appeal,
    is_own,
    lift,
    open_case,
)
from apps.moderation.texts import files_of, sources_of, texts_of
from apps.moderation.views.reporting import reported
from apps.moderation.waiting import Waiting, cases_of, decided, decided_in, shown
from apps.submissions.models import AttachmentPage
from apps.submissions.views.paging import place_of

PAGE_SIZE = 50
BEGINNING = 160  # characters of a page, where pages are chosen
MOST_LISTED = 200
MOST_PAGES = 20  # of files, on the page of a case; each file leads to all of its own
TYPED = ("action", "rule", "words", "pages", "statement", "public_note")


@require_safe
@login_required
@shows_refusals
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """List what waits, the most urgent first; or what was decided, the newest first."""
    consultation = read_consultation(request, slug, HostRole.OVERSEERS)
    asked = {
        "rule": _known(request.GET.get("rule", ""), Rule.values),
        "group": _known(request.GET.get("group", ""), StakeholderGroup.values),
    }
    is_decided = request.GET.get("state") == "decided"
    after = request.GET.get("after", "")
    rows, cursor = (_decided if is_decided else _waiting)(consultation, asked, after)
    context = {
        "consultation": consultation,
        "tab": "moderation",
        "rows": rows,
        "next_cursor": cursor,
        "is_first_page": "after" not in request.GET,
        "is_decided": is_decided,
        "asked": asked,
        "rules": Rule.choices,
        "groups": StakeholderGroup.choices,
        "statistics": statistics_of(consultation),
    }
    return render(request, "moderation/workspace/queue.html", context)


def _waiting(
    consultation: Consultation, asked: dict[str, str], after: str
) -> tuple[list[Waiting], str]:
    found = cases_of(consultation, **asked)
    page = paginate(found, after=after, size=PAGE_SIZE, by="rank")
    return shown(page.items), page.next_cursor


def _decided(
    consultation: Consultation, asked: dict[str, str], after: str
) -> tuple[list[Waiting], str]:
    page = paginate(decided_in(consultation, **asked), after=after, size=PAGE_SIZE)
    return decided(page.items), page.next_cursor


@require_POST
@login_required
@shows_refusals
def opened(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Look at a part that nobody reported."""
    read_consultation(request, slug, HostRole.MODERATORS)
    submission = reported(request, slug, reference)
    found = open_case(submission, request.POST.get("part", ""), by=request.user)
    return redirect("moderation:case", slug, found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@shows_refusals
def case(request: HttpRequest, slug: str, case_id: int) -> HttpResponse:
    """Show a case with the texts and the reports, and take a decision."""
    is_read = request.method != "POST"
    found = _case(request, slug, case_id, HostRole.OVERSEERS if is_read else HostRole.MODERATORS)
    typed = {name: request.POST.get(name, "") for name in TYPED}
    error = None
    if not is_read:
        words = typed["words"].splitlines()
        entered = DecisionInput(
            action=typed["action"],
            rule=typed["rule"],
            words=words,
            pages=typed["pages"],
            statement=typed["statement"],
            public_note=typed["public_note"],
        )
        error = refusal_of(lambda: decide(found, entered, by=request.user))
        if error is None:
            messages.success(request, _("Decided. Those concerned get a mail."))
            return redirect("moderation:queue", slug)
    return _show(request, found, typed=typed, error=error)


@require_POST
@login_required
@shows_refusals
def appeal_decided(request: HttpRequest, slug: str, case_id: int) -> HttpResponse:
    """Let a decision stand or reverse it."""
    found = _case(request, slug, case_id, HostRole.MODERATORS)
    lodged = get_object_or_404(Appeal, decision__case=found, outcome="")
    typed = {name: request.POST.get(name, "") for name in ("outcome", "statement")}
    error = refusal_of(lambda: decide_appeal(lodged, **typed, by=request.user))
    if error is None:
        messages.success(request, _("Decided. Those concerned get a mail."))
        return redirect("moderation:queue", slug)
    return _show(request, found, typed=typed, error=error)


@require_POST
@login_required
@shows_refusals
def lifted(request: HttpRequest, slug: str, decision_id: int) -> HttpResponse:
    """Take a decision back unasked."""
    moderated = read_consultation(request, slug, HostRole.MODERATORS)
    taken = Decision.objects.filter(consultation=moderated)
    decision = get_object_or_404(taken.select_related("case"), pk=decision_id)
    typed = {name: request.POST.get(name, "") for name in ("reason", "statement")}
    error = refusal_of(lambda: lift(decision, **typed, by=request.user))
    if error is None:
        messages.success(request, _("The words are back. The author gets a mail."))
        return redirect("moderation:case", slug, decision.case_id)
    found = _case(request, slug, decision.case_id, HostRole.MODERATORS)
    return _show(request, found, typed=typed, error=error)


def _known(asked: str, values: Any) -> str:
    return asked if asked in values else ""


def _case(request: HttpRequest, slug: str, case_id: int, roles: Collection[str]) -> Case:
    consultation = read_consultation(request, slug, roles)
    cases = Case.objects.of(consultation).select_related("submission")
    found = get_object_or_404(cases, pk=case_id)
    found.consultation = found.submission.consultation = consultation
    return found


def _show(
    request: HttpRequest, found: Case, *, typed: dict[str, str], error: DomainError | None
) -> HttpResponse:
    decisions = found.decisions.select_related("appeal", "decided_by")
    lodged = Appeal.objects.filter(decision__case=found, outcome="").first()
    may_decide = may_moderate(request.user, found.consultation)
    context = {
        "consultation": found.consultation,
        "tab": "moderation",
        "case": found,
        **_said(found, is_confided=may_decide),
        **_paged(found, is_confided=may_decide),
        "may_decide": may_decide,
        "flags": found.flagged.order_by("pk")[:100],
        "decisions": [(one, removed_words(one) if may_decide else ()) for one in decisions],
        "lodged": lodged,
        "is_own": is_own(found.submission, request.user),
        "is_same": lodged is not None and lodged.decision.decided_by_id == request.user.pk,
        "has_others": _has_others(found, request.user),
        "rules": [(rule, DEFINITIONS[rule]) for rule in Rule],
        "actions": Decision.Action.choices,
        "outcomes": Appeal.Outcome.choices,
        "lifts": LiftReason.choices,
        "typed": typed,
        "error": error,
    }
    status = error.status if error else 200
    return render(request, "moderation/workspace/case.html", context, status=status)


def _said(found: Case, *, is_confided: bool) -> dict[str, Any]:
    """Return the words a case is about, with sources and files; of long files, the beginning.

    What is kept back is for those alone who decide.
    """
    submission, part = found.submission, found.part
    texts = [one for one in texts_of(submission, part) if is_confided or one.is_public]
    pages = [one for one in texts if isinstance(one.row, AttachmentPage)]
    later = {id(one) for one in pages[MOST_PAGES:]}
    return {
        "texts": [one for one in texts if id(one) not in later],
        "pages_left": len(later),
        "sources": [one for owner, one in sources_of(submission) if part in ("", owner)],
        "files": [
            one
            for name, one in files_of(submission)
            if part in ("", name) and (is_confided or not one.kept_back)
        ],
    }


def _paged(found: Case, *, is_confided: bool) -> dict[str, Any]:
    """Return the pages of the file a case is about, with how each begins.

    What is kept back is for those alone who decide.
    """
    file = file_of(found)
    if file is None or not file.page_count or (file.kept_back and not is_confided):
        return {"why_not_by_page": why_not_by_page(file) if file else ""}
    begun = file.pages.annotate(begin=Left("text", BEGINNING)).values_list("number", "begin")
    texts = dict(begun.filter(number__lte=MOST_LISTED))
    return {
        "paged": file,
        "why_not_by_page": why_not_by_page(file),
        "pages": [
            (page, texts.get(page, "").strip(), page in file.hidden_pages, place_of(page))
            for page in range(1, min(file.page_count, MOST_LISTED) + 1)
        ],
    }


def _has_others(found: Case, person: Any) -> bool:
    """Return whether somebody else may decide."""
    staff = HostRole.objects.filter(
        host=found.consultation.host_id, role__in=HostRole.MODERATORS, user__is_active=True
    )
    return staff.exclude(user=person.pk).exists()
