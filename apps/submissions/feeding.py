"""What submissions add to the news of a consultation."""

from django.urls import reverse

from apps.consultations.models import Consultation
from apps.consultations.sections import News, news
from apps.submissions.listing import EXCERPT, listed, name_of, shorten
from apps.submissions.models import Submission


@news
def newly_filed(consultation: Consultation, most: int) -> list[News]:
    """Tell of submissions, each with how it begins; a withdrawn one is no news."""
    rows = listed(consultation).filter(state=Submission.State.SUBMITTED)
    return [
        News(
            row["submitted_at"],
            name_of(row["organisation_name"], row["group"]),
            reverse("submissions:detail", args=[consultation.slug, row["reference"]]),
            shorten(row["excerpt"] or "", EXCERPT),
        )
        for row in rows.order_by("-submitted_at", "-id")[:most]
    ]
