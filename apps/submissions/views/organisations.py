"""The public page of an organisation: everything it ever said here, across consultations."""

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
    filed = Q(organisation=organisation) & visible
    rows = LISTED.filter(filed, state=Submission.State.SUBMITTED).values(
        "id",
        "reference",
        "submitted_at",
        "excerpt",
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
        "rows": [
            row
            | {
                "url": f"{reverse('submissions:list', args=[row['consultation__slug']])}"
                f"{quoted(row['reference'])}/",
                "title": row["consultation__title"],
                "beginning": shorten(row["excerpt"] or "", EXCERPT),
            }
            for row in page.items
        ],
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
    }
    return render(request, "submissions/organisation.html", context)
