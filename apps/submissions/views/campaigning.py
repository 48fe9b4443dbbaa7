"""Pages of registered campaigns: list, text and counts, signing, the link of a mail."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Membership, Organisation
from apps.consultations.models import Consultation
from apps.consultations.views.reading import visible_consultation
from apps.core.errors import DomainError, NotAllowed
from apps.core.keyset import paginate
from apps.core.languages import language_written
from apps.core.views import shows_refusals
from apps.submissions.drafting import provisions_of_today
from apps.submissions.limiting import require_calm
from apps.submissions.models import (
    Answer,
    CampaignLetter,
    CoSignature,
    Point,
    RegisteredCampaign,
    Stance,
    Submission,
)
from apps.submissions.services import (
    CampaignInput,
    SignatureInput,
    close_campaign,
    confirm_signature,
    disown_signature,
    register_campaign,
    request_signature,
    sign_for_organisation,
    unsign_for_organisation,
)
from apps.submissions.services.campaign_inputs import questions_for_words
from apps.submissions.services.cosigning import signature_of

PAGE_SIZE = 50
SHOWN_SIGNERS = 100
WORDS_SHOWN = 20
SUBMITTERS = (Membership.Role.SUBMITTER, Membership.Role.SIGNATORY)


@require_safe
@shows_refusals
def campaign_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    campaigns = RegisteredCampaign.objects.filter(
        consultation=consultation, carrier__state="submitted"
    ).select_related("organisation", "consultation")
    page = paginate(campaigns, after=request.GET.get("after", ""), size=PAGE_SIZE, by="-id")
    context = _place(consultation) | {
        "campaigns": page.items,
        "next_cursor": page.next_cursor,
        "count": campaigns.count(),
    }
    return render(request, "submissions/campaigns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def register(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    error, typed = (
        None,
        {name: request.POST.get(name, "") for name in CampaignInput.__annotations__},
    )
    if request.method == "POST":
        organisation = _organisation(request)
        try:
            campaign = register_campaign(
                consultation,
                CampaignInput(**typed | {"language": language_written(consultation.language)}),
                by=request.user,
                organisation=organisation,
            )
            return redirect(campaign)
        except NotAllowed:
            raise
        except DomainError as refusal:
            error = refusal
    context = _place(consultation) | {
        "error": error,
        "phase": (phase := consultation.comment_phase()),
        "is_open": phase is not None and phase.is_open,
        "typed": typed,
        "chosen": request.POST.get("organisation", ""),
        "organisations": _organisations(request.user),
        "questions": questions_for_words(consultation),
        "provisions": provisions_of_today(consultation).exclude(text=""),
        "stances": Stance.choices,
        "asks": Point.Ask.choices,
    }
    status = error.status if error else 200
    return render(request, "submissions/campaign_new.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def campaign_detail(request: HttpRequest, slug: str, campaign: str) -> HttpResponse:
    """Show a campaign; a post asks for a signature, and always gets the same answer."""
    found = _campaign(request, slug, campaign)
    error, typed = None, {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in SignatureInput.__annotations__}
        content = SignatureInput(**{**typed, "is_name_public": bool(typed["is_name_public"])})  # type: ignore[arg-type]
        try:
            require_calm(request)
            request_signature(found, content)
            context = _place(found.consultation) | {"campaign": found}
            return render(request, "submissions/campaign_asked.html", context)
        except DomainError as refusal:
            error = refusal
    context = _place(found.consultation) | _about(found, request.user)
    context |= _own_words(found, after=request.GET.get("after", ""))
    context |= {"error": error, "typed": typed}
    status = error.status if error else 200
    return render(request, "submissions/campaign.html", context, status=status)


@require_POST
@login_required
@shows_refusals
def close(request: HttpRequest, slug: str, campaign: str) -> HttpResponse:
    found = _campaign(request, slug, campaign)
    close_campaign(found, by=request.user)
    return redirect(found)


@require_POST
@login_required
@shows_refusals
def sign_as(request: HttpRequest, slug: str, campaign: str) -> HttpResponse:
    found = _campaign(request, slug, campaign)
    organisation = _organisation(request)
    if request.POST.get("then") == "take-back":
        unsign_for_organisation(found, by=request.user, organisation=organisation)
        messages.success(request, _("The signature of your organisation is taken back."))
    else:
        sign_for_organisation(found, by=request.user, organisation=organisation)
        messages.success(request, _("Your organisation has signed."))
    return redirect(found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def signature(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link is about; only a button does anything, as programs open links in mails."""
    found = signature_of(token)
    context = _place(found.campaign.consultation) | {"signature": found, "campaign": found.campaign}
    if request.method == "POST":
        if request.POST.get("then") == "disown":
            disown_signature(token)
            context["is_gone"] = True
        elif request.POST.get("then") == "confirm":
            context["receipt"] = confirm_signature(token)
            context["signature"] = signature_of(token)
    response = render(request, "submissions/campaign_signature.html", context)
    response["Referrer-Policy"] = "same-origin"  # the address is a key
    return response


def _place(consultation: Consultation) -> dict[str, Any]:
    return {"place": "consultations", "consultation": consultation, "tab": "submissions"}


def _campaign(request: HttpRequest, slug: str, campaign: str) -> RegisteredCampaign:
    consultation = visible_consultation(request, slug)
    found = RegisteredCampaign.objects.select_related("organisation", "carrier")
    one = get_object_or_404(found, consultation=consultation, slug=campaign)
    one.consultation = one.carrier.consultation = consultation
    return one


def _about(campaign: RegisteredCampaign, user: Any) -> dict[str, Any]:
    """Return what the page shows, in a number of queries that never grows."""
    latest = campaign.consultation.campaign_scans.order_by("-id").values("pk")[:1]
    letter = (
        CampaignLetter.objects.filter(submission=campaign.carrier_id, campaign__scan=latest)
        .select_related("campaign")
        .first()
    )
    standing = CoSignature.objects.filter(campaign=campaign, state="confirmed").order_by("-id")
    organised = standing.filter(organisation__isnull=False).select_related("organisation")
    signed = list(organised[:SHOWN_SIGNERS])
    named = standing.filter(is_name_public=True).values_list("name", flat=True)[:SHOWN_SIGNERS]
    # In the order of signing they could be matched with the own words below.
    names = sorted(named, key=str.casefold)
    organisations = _organisations(user)
    ours = organised.filter(organisation__in=[one.pk for one in organisations])
    beside = {campaign.organisation_id, *ours.values_list("organisation", flat=True)}
    phase = campaign.consultation.comment_phase()
    return {
        "campaign": campaign,
        "is_open": bool(
            phase and phase.is_open and campaign.is_open and campaign.carrier.is_submitted
        ),
        "near": letter.campaign if letter else None,
        "signed": signed,
        "unlisted": campaign.organisations - len(signed),
        "names": names,
        "unnamed": campaign.people - len(names),
        "point": campaign.carrier.points.select_related("provision__version__document").first(),
        "answer": campaign.carrier.answers.select_related("question").first(),
        "is_organiser": any(one.pk == campaign.organisation_id for one in organisations),
        "organisations": [one for one in organisations if one.pk not in beside],
        "own_signed": [
            one for one in organisations if one.pk in beside - {campaign.organisation_id}
        ],
    }


def _own_words(campaign: RegisteredCampaign, *, after: str) -> dict[str, Any]:
    """Return a page of what signers said in words of their own, which are public by their will."""
    said = Answer.objects.filter(
        submission__co_signature__campaign=campaign,
        submission__co_signature__state=CoSignature.State.CONFIRMED,
        submission__state=Submission.State.SUBMITTED,
    ).select_related("submission")
    page = paginate(said, after=after, size=WORDS_SHOWN, by="-id")
    for one in page.items:
        one.submission.consultation = campaign.consultation
    return {"own_words": page.items, "next_words": page.next_cursor, "is_first_page": not after}


def _organisations(user: Any) -> list[Organisation]:
    """Return the organisations a person may submit for."""
    if not user.is_authenticated:
        return []
    return list(
        Organisation.objects.filter(memberships__user=user, memberships__role__in=SUBMITTERS)
    )


def _organisation(request: HttpRequest) -> Organisation:
    slug = request.POST.get("organisation", "").replace("\0", "")
    found = next((one for one in _organisations(request.user) if one.slug == slug), None)
    if found is None:
        raise NotAllowed(_("Choose an organisation for which you may submit."))
    return found
