"""The news of official responses, of a consultation that is answered, of what was done later."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_noop

from apps.consultations.models import Consultation
from apps.notifications.models import LONGEST_TOPIC, Kind, News
from apps.notifications.services import announce, followed_of, publish
from apps.responses.models import OfficialResponse
from apps.submissions.announcing import topic_of
from apps.submissions.models import Submission

ANSWERED = gettext_noop("The host answered %(reference)s: %(consultation)s")


def tell_authors(response: OfficialResponse, answered: Iterable[Submission]) -> None:
    """Tell who follows a submission, as its author does, that its host answered: two queries.

    Nothing is written down for what nobody follows.
    """
    consultation = response.consultation
    if not consultation.is_published:
        return
    topics = {topic_of(one): one for one in answered}
    followed = followed_of(topic for topic in topics if len(topic) <= LONGEST_TOPIC)
    publish(
        News(
            topic=topic,
            title=ANSWERED,
            values={"reference": str(one.reference), "consultation": consultation.title},
            # Several responses to one submission are news of their own, each with its address.
            path=f"{_words(consultation, one)}#response-{response.pk}",
            at=response.made_at,
        )
        for topic, one in topics.items()
        if topic in followed
    )


def tell_followers(
    consultation: Consultation, title: str, *, at: datetime, values: dict[str, str] | None = None
) -> None:
    """Tell who follows a consultation what became of it, on the page of what was done."""
    if not consultation.is_published:
        return
    announce(
        [Kind.CONSULTATION.topic(consultation.slug)],
        title=title,
        values={"consultation": consultation.title, **(values or {})},
        path=reverse("responses:done", args=[consultation.slug]),
        at=at,
    )


def _words(consultation: Consultation, one: Submission) -> str:
    return reverse("briefings:words", args=[consultation.slug, one.reference])
