"""The public page of an organisation: everything it ever said here, across consultations."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.models import Organisation
from apps.consultations.models import Consultation
from apps.core.endpoints import quoted
from apps.core.keyset import paginate
from apps.core.views import shows_refusals
from apps.submissions.listing import EXCERPT, beginning_of, count_of, drawn, shorten
from apps.submissions.models import CoSignature, RegisteredCampaign, Reply, Submission

PAGE_SIZE = 20
MOST_CAMPAIGNS = 50
COLUMNS = (
    *("id", "reference", "submitted_at", "organisation", "organisation_name"),
    "language",
    *("excerpt", "reply", "points_count", "answers_count", "replies_count"),
    *("consultation__slug", "consultation__title"),
)


@require_safe
@shows_refusals
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = Organisation.objects.visible_to(request.user).filter(slug=slug).first()
    if organisation is None:
        return _lead_on(slug)
    visible = Q(consultation__in=Consultation.objects.visible_to(request.user))
    # One list, two indexes: what it filed, and what it signed as a party.
    joint = list(organisation.joint_parties.joined().values_list("submission", flat=True))
    filed = (Q(organisation=organisation) | Q(pk__in=joint)) & visible
    standing = Submission.objects.filter(filed, state=Submission.State.SUBMITTED)
    replies = Reply.objects.filter(submission=OuterRef("pk")).order_by("number")
    said = drawn(standing).annotate(
        replies_count=count_of(Reply), reply=beginning_of(replies, "text")
    )
    rows = said.values(*COLUMNS)
    page = paginate(rows, after=request.GET.get("after", ""), size=PAGE_SIZE, by="-submitted_at")
    counted = standing.aggregate(
        submissions=Count("pk"), consultations=Count("consultation", distinct=True)
    )
    context = {
        "place": "consultations",
        "organisation": organisation,
        "badges": organisation.verifications.standing().order_by("method"),
        "counted": counted,
        **_campaigns(organisation, request.user),
        "rows": [{**row, **_shown(row, organisation)} for row in page.items],
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
    }
    return render(request, "submissions/organisation.html", context)


def _campaigns(organisation: Organisation, user: Any) -> dict[str, Any]:
    """Return the newest campaigns it registered, and those it signed."""
    campaigns = RegisteredCampaign.objects.filter(
        consultation__in=Consultation.objects.visible_to(user),
        carrier__state=Submission.State.SUBMITTED,
    ).select_related("consultation", "organisation")
    own = CoSignature.objects.filter(
        organisation=organisation, state=CoSignature.State.CONFIRMED
    ).values("campaign")
    return {
        "registered": campaigns.filter(organisation=organisation)[:MOST_CAMPAIGNS],
        "signed": campaigns.filter(pk__in=own)[:MOST_CAMPAIGNS],
    }


def _lead_on(slug: str) -> HttpResponse:
    """Send readers of the address of a duplicate to what it was merged into."""
    whole = get_object_or_404(Organisation, merged__slug=slug)
    return redirect("submissions:organisation", whole.slug, permanent=True)


def _shown(row: Mapping[str, Any], organisation: Organisation) -> Mapping[str, Any]:
    """Return what the page adds to a row: where it is, and who led it where that was another."""
    root = reverse("submissions:list", args=[row["consultation__slug"]])
    is_own = row["organisation"] == organisation.pk
    return {
        "url": f"{root}{quoted(row['reference'])}/",
        "title": row["consultation__title"],
        "led_by": "" if is_own else row["organisation_name"],
        "language": row["language"],
        "beginning": shorten(row["excerpt"] or row["reply"] or "", EXCERPT),
    }
