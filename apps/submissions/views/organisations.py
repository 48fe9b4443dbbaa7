"""The public page of an organisation: everything it ever said here, across consultations."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.models import Organisation
from apps.consultations.models import Consultation
from apps.core.endpoints import quoted
from apps.core.keyset import paginate
from apps.core.views import shows_refusals
from apps.submissions.listing import EXCERPT, LISTED, shorten
from apps.submissions.models import Submission

PAGE_SIZE = 20


@require_safe
@shows_refusals
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)
    visible = Q(consultation__in=Consultation.objects.visible_to(request.user))
    # One list, two indexes: what it filed, and what it signed as a party.
    joint = list(organisation.joint_parties.joined().values_list("submission", flat=True))
    filed = (Q(organisation=organisation) | Q(pk__in=joint)) & visible
    rows = LISTED.filter(filed, state=Submission.State.SUBMITTED).values(
        "id",
        "reference",
        "submitted_at",
        "excerpt",
        "organisation",
        "organisation_name",
        "points_count",
        "answers_count",
        "consultation__slug",
        "consultation__title",
    )
    page = paginate(rows, after=request.GET.get("after", ""), size=PAGE_SIZE, by="-submitted_at")
    counted = Submission.objects.filter(filed, state=Submission.State.SUBMITTED).aggregate(
        submissions=Count("pk"), consultations=Count("consultation", distinct=True)
    )
    context = {
        "place": "consultations",
        "organisation": organisation,
        "badges": organisation.verifications.standing().order_by("method"),
        "counted": counted,
        "rows": [row | _shown(row, organisation) for row in page.items],
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
    }
    return render(request, "submissions/organisation.html", context)


def _shown(row: Mapping[str, Any], organisation: Organisation) -> Mapping[str, Any]:
    """Return what the page adds to a row: where it is, and who led it where that was another."""
    root = reverse("submissions:list", args=[row["consultation__slug"]])
    is_own = row["organisation"] == organisation.pk
    return {
        "url": f"{root}{quoted(row['reference'])}/",
        "title": row["consultation__title"],
        "led_by": "" if is_own else row["organisation_name"],
        "beginning": shorten(row["excerpt"] or "", EXCERPT),
    }
