"""What submissions add to the news of a consultation."""

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.consultations.models import Consultation
from apps.consultations.sections import News, news
from apps.submissions.listing import EXCERPT, listed, name_of, shorten, shown_reply
from apps.submissions.models import Reply, Submission


@news
def newly_filed(consultation: Consultation, most: int) -> list[News]:
    """Tell of submissions, each with how it begins; a withdrawn one is no news."""
    rows = listed(consultation).filter(state=Submission.State.SUBMITTED)
    return [
        News(
            row["submitted_at"],
            name_of(row["organisation_name"], row["group"], row["visibility"]),
            reverse("submissions:detail", args=[consultation.slug, row["reference"]]),
            shorten(row["excerpt"] or "", EXCERPT),
        )
        for row in rows.order_by("-submitted_at", "-id")[:most]
    ]


@news
def newly_replied(consultation: Consultation, most: int) -> list[News]:
    """Tell of replies, each with how it begins."""
    if consultation.reply_phase() is None:
        return []
    replies = Reply.objects.visible_to(AnonymousUser()).of(consultation).in_brief()
    shown = [shown_reply(reply) for reply in replies.order_by("-id")[:most]]
    return [
        News(
            one["reply"].submission.submitted_at,
            _("%(who)s: %(kind)s in reply")
            % {"who": one["who"], "kind": one["reply"].get_kind_display()},
            one["reply"].get_absolute_url(),
            one["words"],
        )
        for one in shown
    ]
