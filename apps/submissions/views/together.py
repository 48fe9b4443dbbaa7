"""Signatures: the sign-off of an organisation, and other organisations that join a draft."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Organisation
from apps.accounts.rules import may_sign_for, may_submit_for
from apps.core.errors import DomainError, NotAllowed
from apps.core.keyset import paginate
from apps.core.views import shows_refusals
from apps.submissions.forms import ResponseForm
from apps.submissions.inputs import DraftInput
from apps.submissions.models import JointParty, SignOff, Submission
from apps.submissions.services import (
    ReservationInput,
    ask_for_sign_off,
    content_of,
    decline,
    invite,
    join,
    leave,
    seal_of,
    sign_off,
    take_back_invitation,
)
from apps.submissions.services.joining import sorted_out
from apps.submissions.services.signing import signatories_of, stands_over
from apps.submissions.views.entries import address_of

PAGE_SIZE = 50
MOST_FOUND = 20
KEPT = "kept-reservations"
SIGNED = _("You signed it off. Any change after this makes your sign-off void.")
ASKED = _("The signatories get a mail with the address of this page.")
INVITED = _("The organisation is invited. Those who may sign for it get a mail.")
TAKEN_BACK = _("The invitation is taken back.")
# What became of the invitation stands on its page already.
TOLD = _("The organisation that leads the response gets a mail.")


def signatures_on(draft: Submission, content: DraftInput, *, by: Any) -> Mapping[str, Any]:
    """Return how the sign-off of a draft stands, and who joined it."""
    organisation = draft.organisation
    if organisation is None or not draft.is_draft:
        return {}
    seal = seal_of(draft, content)
    found = SignOff.objects.filter(draft=draft).select_related("signed_by").first()
    signed, out = sorted_out(draft, seal)
    return {
        "seal": seal,
        "sign_off": found,
        "is_signed": stands_over(found, seal, organisation),
        "signatories": signatories_of(organisation),
        "may_sign": may_sign_for(by, organisation),
        "may_submit": may_submit_for(by, organisation),
        "joined": signed,
        "left_out": out,
    }


def parties_shown(submission: Submission, *, by: Any) -> Mapping[str, Any]:
    """Return the parties of a filed submission, with the provisions their reservations name."""
    if submission.organisation_id is None:
        return {"parties": ()}
    parties = list(submission.parties.on_record().select_related("organisation"))
    if not parties:
        return {"parties": ()}
    points = submission.points.all()
    named = {point.provision.key: str(point.provision) for point in points}
    mine = JointParty.objects.answerable_by(by).filter(submission=submission).joined()
    return {
        "parties": [
            (party, [named[key] for key in party.provisions if key in named]) for party in parties
        ],
        "signatures": 1 + sum(not party.has_left for party in parties),
        "own_parties": mine if by.is_authenticated and submission.is_submitted else (),
    }


@require_POST
@login_required
@shows_refusals
def give_sign_off(request: HttpRequest, draft_id: int) -> HttpResponse:
    draft = _draft(request, draft_id)
    seal = request.POST.get("seal", "")
    return _done(
        request,
        lambda: sign_off(draft, seal=seal, by=request.user),
        says=SIGNED,
        then=f"{_check_page(draft)}#sign-off",
    )


@require_POST
@login_required
@shows_refusals
def ask(request: HttpRequest, draft_id: int) -> HttpResponse:
    draft = _draft(request, draft_id)
    return _done(
        request,
        lambda: ask_for_sign_off(draft, by=request.user),
        says=ASKED,
        then=f"{_check_page(draft)}#sign-off",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def joint(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Show who was invited to a draft, and invite one more."""
    draft = _draft(request, draft_id)
    error = None
    if request.method == "POST":
        asked = Organisation.objects.visible_to(request.user).filter(
            slug=request.POST.get("organisation", "").replace("\0", "")
        )
        try:
            invite(draft, get_object_or_404(asked), by=request.user)
            messages.success(request, INVITED)
            return redirect("submissions:joint", draft.pk)
        except NotAllowed:
            raise
        except DomainError as refusal:
            error = refusal
    words = request.GET.get("q", "").strip()[:200]
    there = draft.parties.values("organisation")
    found = Organisation.objects.visible_to(request.user).named_like(words).exclude(pk__in=there)
    found = found.exclude(slug=draft.organisation.slug if draft.organisation else "")
    context = {
        "consultation": draft.consultation,
        "tab": "respond",
        "draft": draft,
        "parties": draft.parties.select_related("organisation"),
        "words": words,
        "found": found[:MOST_FOUND] if words else (),
        "may_invite": may_submit_for(request.user, draft.organisation),
        "check": _check_page(draft),
        "error": error,
    }
    status = error.status if error else 200
    return render(request, "submissions/joint.html", context, status=status)


@require_POST
@login_required
@shows_refusals
def take_back(request: HttpRequest, draft_id: int, party_id: int) -> HttpResponse:
    draft = _draft(request, draft_id)
    party = get_object_or_404(draft.parties, pk=party_id)
    party.submission = draft
    return _done(
        request,
        lambda: take_back_invitation(party, by=request.user),
        says=TAKEN_BACK,
        then=reverse("submissions:joint", args=[draft.pk]),
    )


@require_safe
@login_required
@shows_refusals
def invitations(request: HttpRequest) -> HttpResponse:
    """List what one's organisations were asked to join."""
    mine = JointParty.objects.answerable_by(request.user)
    rows = mine.with_both_sides()
    page = paginate(rows, after=request.GET.get("after", ""), size=PAGE_SIZE, by="-id")
    context = {
        "place": "consultations",
        "rows": page.items,
        "count": mine.count(),
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
    }
    return render(request, "submissions/invitations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def invitation(request: HttpRequest, party_id: int) -> HttpResponse:
    """Show the draft of another organisation; a post signs it for one's own."""
    kept = f"{KEPT}:{party_id}"
    if not request.user.is_authenticated:
        if request.method == "POST":
            request.session[kept] = request.POST.urlencode()
        return redirect_to_login(request.path, reverse("account_login"))
    party = _party(request, party_id)
    error, waiting = None, request.session.pop(kept, "")
    typed = request.POST if request.method == "POST" else QueryDict(waiting)
    given = ReservationInput(typed.get("reservations", ""), typed.getlist("provisions"))
    if request.method == "POST":
        try:
            join(party, given, seal=typed.get("seal", ""), by=request.user)
            messages.success(request, TOLD)
            return redirect("submissions:invitation", party_id)
        except NotAllowed:
            raise
        except DomainError as refusal:
            error = refusal
    if not typed:
        given = ReservationInput(party.reservations, party.provisions)
    context = {**_invited_to(party), "given": given, "error": error}
    status = error.status if error else 200
    return render(request, "submissions/invitation.html", context, status=status)


@require_POST
@login_required
@shows_refusals
def say_no(request: HttpRequest, party_id: int) -> HttpResponse:
    party = _party(request, party_id)
    return _done(
        request,
        lambda: decline(party, by=request.user),
        says=TOLD,
        then=reverse("submissions:invitation", args=[party_id]),
    )


@require_POST
@login_required
@shows_refusals
def leave_joint(request: HttpRequest, party_id: int) -> HttpResponse:
    party = _party(request, party_id)
    return _done(
        request,
        lambda: leave(party, by=request.user),
        says=TOLD,
        then=reverse("submissions:invitation", args=[party_id]),
    )


def _invited_to(party: JointParty) -> dict[str, Any]:
    """Return what the page of an invitation shows: the draft, or what became of it."""
    submission = party.submission
    context: dict[str, Any] = {
        "consultation": submission.consultation,
        "tab": "respond",
        "party": party,
        "submission": submission,
    }
    if not submission.is_draft:
        return context
    content = content_of(submission)
    form = ResponseForm(
        submission.consultation, content, group=submission.group, is_reply=submission.is_reply
    )
    about = {point.provision for point in content.points}
    return {
        **context,
        "form": form,
        "draft": submission,
        "files": submission.attachments.in_order(),
        "seal": seal_of(submission, content),
        "about": [one for one in form.asked.provisions.values() if one.key in about],
    }


def _done(
    request: HttpRequest, act: Callable[[], object], *, says: str | Promise, then: str
) -> HttpResponse:
    """Do it and say so; a refusal that the person can act on is said on the same page."""
    try:
        act()
        messages.success(request, str(says))
    except NotAllowed:
        raise
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(then)


def _draft(request: HttpRequest, draft_id: int) -> Submission:
    drafts = Submission.objects.drafts_of(request.user)
    return get_object_or_404(drafts.select_related("consultation", "organisation"), pk=draft_id)


def _party(request: HttpRequest, party_id: int) -> JointParty:
    mine = JointParty.objects.answerable_by(request.user)
    return get_object_or_404(mine.with_both_sides(), pk=party_id)


def _check_page(draft: Submission) -> str:
    return address_of("check", draft.consultation, draft.organisation, kind=draft.kind)
