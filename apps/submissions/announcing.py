"""Organisations can be followed, and the news of what was filed."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from apps.accounts.models import Organisation
from apps.notifications.models import Kind
from apps.notifications.services import announce
from apps.notifications.topics import followable
from apps.submissions.drafting import DraftInput
from apps.submissions.models import Submission


@followable(Kind.ORGANISATION)
def find_organisation(key: str, user: Any) -> tuple[str, str] | None:
    """Return name and page of an organisation a person may see."""
    found = Organisation.objects.visible_to(user).filter(slug=key).first()
    return (found.name, reverse("submissions:organisation", args=[key])) if found else None


def announce_submission(submission: Submission, content: DraftInput) -> None:
    """Tell who follows the consultation, a provision it makes a point on, or who says it."""
    consultation = submission.consultation
    if not consultation.is_published or submission.submitted_at is None:
        return
    topics = [Kind.CONSULTATION.topic(consultation.slug)]
    keys = sorted({point.provision for point in content.points if point.provision})
    topics += [Kind.PROVISION.topic(consultation.slug, key) for key in keys]
    topics += [Kind.ORGANISATION.topic(slug) for slug in _speakers(submission)]
    title = gettext_noop("New submission: %(consultation)s")
    if submission.organisation_name:
        title = gettext_noop("New submission by %(organisation)s: %(consultation)s")
    announce(
        topics,
        title=title,
        values={
            "organisation": submission.organisation_name,
            "consultation": consultation.title,
        },
        path=submission.get_absolute_url(),
        at=submission.submitted_at,
    )


def _speakers(submission: Submission) -> list[str]:
    """Return the organisations that say it: the one that filed it, and the parties of it."""
    if submission.organisation_id is None:
        return []
    parties = submission.parties.joined().values_list("organisation", flat=True)
    said_by = Organisation.objects.filter(pk__in=[submission.organisation_id, *parties])
    listed = said_by.filter(state=Organisation.State.LISTED)
    return list(listed.order_by("slug").values_list("slug", flat=True))
