"""Tells those whose words a new briefing uses, each with the page that shows where."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.briefings.models import Briefing
from apps.notifications.models import News
from apps.notifications.services import followed_of, publish
from apps.submissions.announcing import topic_of
from apps.submissions.models import Submission

AT_ONCE = 500
TITLE = gettext_noop("Briefing %(number)s uses words of %(reference)s: %(consultation)s")


def tell_cited(briefing: Briefing) -> None:
    """Write news for each submission that is cited and followed, which its author does from filing.

    Bounded however many are cited: so many at once, and three queries for these.
    """
    cited = Submission.objects.filter(
        state=Submission.State.SUBMITTED, citations__claim__briefing=briefing
    )
    last = 0
    while part := list(cited.filter(pk__gt=last).distinct().order_by("pk")[:AT_ONCE]):
        for one in part:
            one.consultation = briefing.consultation
        followed = followed_of(map(topic_of, part))
        publish(_news(briefing, [one for one in part if topic_of(one) in followed]))
        last = part[-1].pk


def _news(briefing: Briefing, cited: list[Submission]) -> Iterator[News]:
    slug = briefing.consultation.slug
    for one in cited:
        yield News(
            topic=topic_of(one),
            title=TITLE,
            values={
                "number": str(briefing.version),
                "reference": str(one.reference),
                "consultation": briefing.consultation.title,
            },
            path=reverse("briefings:words", args=[slug, one.reference]),
            at=briefing.ready_at or timezone.now(),
        )
