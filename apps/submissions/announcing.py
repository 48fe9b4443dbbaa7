"""Organisations can be followed, and the news of what was filed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from apps.accounts.models import Membership, Organisation, User
from apps.notifications.models import LONGEST_TOPIC, Kind, News
from apps.notifications.services import (
    announce,
    follow_own,
    followed_of,
    publish,
    rename,
    retell,
)
from apps.notifications.topics import Followed, disownable, followable
from apps.submissions.inputs import DraftInput
from apps.submissions.models import HIDDEN, Submission
from apps.submissions.proving import disown_link

NEEDED = ("consultation", "author", "organisation", "withheld_for")
# By whether it answers others, and whether it has a name.
TITLES = {
    (False, False): gettext_noop("New submission: %(consultation)s"),
    (False, True): gettext_noop("New submission by %(organisation)s: %(consultation)s"),
    (True, False): gettext_noop("New replies: %(consultation)s"),
    (True, True): gettext_noop("New replies by %(organisation)s: %(consultation)s"),
}
LOST_WORDS = gettext_noop(
    "The new text no longer has words that %(reference)s is about: %(consultation)s"
)
LOST_PROVISION = gettext_noop(
    "The new text leaves out a part that %(reference)s is about: %(consultation)s"
)


@followable(Kind.ORGANISATION)
def find_organisation(key: str, user: Any) -> tuple[str, str] | None:
    """Return name and page of an organisation a person may see."""
    found = Organisation.objects.visible_to(user).filter(slug=key).first()
    return (found.name, reverse("submissions:organisation", args=[key])) if found else None


@followable(Kind.SUBMISSION)
def find_submission(key: str, user: Any) -> tuple[str, str] | None:
    """Return name and page of a submission; the key is "consultation/reference"."""
    slug, _slash, reference = key.partition("/")
    visible = Submission.objects.visible_to(user).on_record().select_related("consultation")
    found = visible.filter(consultation__slug=slug, reference=reference).first()
    return (_name_of(found), found.get_absolute_url()) if found else None


@disownable(Kind.SUBMISSION)
def own_links(followed: Collection[Followed]) -> Mapping[Followed, str]:
    """Return who can say “I never wrote this”: those who get the receipt; two queries."""
    keys = {topic: topic.partition(":")[2].partition("/") for _person, topic in followed}
    found = Submission.objects.on_record().filter(
        consultation__slug__in={slug for slug, _slash, _number in keys.values()},
        reference__in={number for _slug, _slash, number in keys.values()},
    )
    by_topic = {topic_of(one): one for one in found.select_related(*NEEDED)}
    owners = {one.owner for one in by_topic.values()}
    signing = Membership.objects.filter(
        organisation__in=[one for one in owners if one], role=Membership.Role.SIGNATORY
    ).select_related("user")
    signatories: dict[int, list[User]] = defaultdict(list)
    for seat in signing:
        signatories[seat.organisation_id].append(seat.user)
    links = {}
    for topic, one in by_topic.items():
        own = [one.author] if one.author else []
        for person in [*own, *(signatories[one.owner.pk] if one.owner else ())]:
            links[person.pk, topic] = disown_link(one, person)
    return {key: links[key] for key in followed if key in links}


def follow_filed(submission: Submission) -> None:
    """Let those it belongs to hear what becomes of it; they can end that any time.

    These are whoever filed it and, of an organisation, its signatories: one of them may have left
    by the time a briefing is published. Nothing comes of replies but the receipt.
    """
    if submission.author is None or submission.is_reply:
        return
    people = [submission.author]
    if owner := submission.owner:
        people += owner.holders(Membership.Role.SIGNATORY).exclude(pk=submission.author.pk)
    path = submission.get_absolute_url()
    follow_own(people, topic=topic_of(submission), title=_name_of(submission), path=path)


def follow_on(earlier: Submission, submission: Submission) -> None:
    """Let those who follow a submission follow the one that replaced it."""
    old, new = (_key_of(one) for one in (earlier, submission))
    path = submission.get_absolute_url()
    rename(Kind.SUBMISSION, old, new, title=_name_of(submission), path=path)


def _key_of(submission: Submission) -> str:
    return f"{submission.consultation.slug}/{submission.reference}"


def _name_of(submission: Submission) -> str:
    return f"{submission.reference} ({submission.consultation.title})"


def topic_of(submission: Submission) -> str:
    """Return the topic of what becomes of a submission."""
    return Kind.SUBMISSION.topic(submission.consultation.slug, str(submission.reference))


def announce_submission(submission: Submission, content: DraftInput) -> None:
    """Tell who follows the consultation, a provision it speaks of, or who says it."""
    consultation = submission.consultation
    if not consultation.is_published or submission.submitted_at is None:
        return
    topics = [Kind.CONSULTATION.topic(consultation.slug)]
    keys = {point.provision for point in content.points if point.provision}
    if content.replies:
        answered = submission.replies.filter(point__isnull=False)
        keys |= set(answered.values_list("point__provision__key", flat=True))
        topics += _answered_topics(submission)
    topics += [Kind.PROVISION.topic(consultation.slug, key) for key in sorted(keys)]
    topics += [Kind.ORGANISATION.topic(slug) for slug in _speakers(submission)]
    announce(
        topics,
        title=TITLES[submission.is_reply, bool(submission.organisation_name)],
        values=_values_of(submission, submission.organisation_name),
        path=submission.get_absolute_url(),
        # What came on paper is news on the day on which it is entered.
        at=max(submission.submitted_at, submission.created_at),
        by=submission.author,
    )


def follow_name(submission: Submission) -> None:
    """Let its news name who filed it as its page does, whose name was taken off or came back.

    Once it is no longer an organisation's, those who follow that one do not hear of it.
    """
    name = submission.organisation_name
    name = "" if HIDDEN in name else name
    retell(
        submission.get_absolute_url(),
        titles=list(TITLES.values()),
        title=TITLES[submission.is_reply, bool(name)],
        values=_values_of(submission, name),
        since=submission.created_at,
        without=None if submission.organisation_id else Kind.ORGANISATION,
    )


def announce_lost(submissions: Iterable[Submission], *, title: str, at: datetime) -> None:
    """Tell those whose submissions these are that a text lost what they are about.

    title  LOST_WORDS or LOST_PROVISION
    at     when the text was published: told by two jobs, it is news of one event
    """
    by_topic = {topic_of(one): one for one in submissions}
    followed = followed_of(by_topic)
    publish(
        News(
            topic=topic,
            title=title,
            values={"reference": str(one.reference), "consultation": one.consultation.title},
            path=one.get_absolute_url(),
            at=at,
        )
        for topic, one in by_topic.items()
        if topic in followed
    )


def _values_of(submission: Submission, name: str) -> dict[str, str]:
    return {"organisation": name, "consultation": submission.consultation.title}


def _answered_topics(submission: Submission) -> list[str]:
    """Return what its replies answer; an imported reference can be too long for a topic."""
    answered = Submission.objects.filter(replies_to_it__submission=submission).distinct()
    topics = [topic_of(one) for one in answered.select_related("consultation").order_by("pk")]
    return [topic for topic in topics if len(topic) <= LONGEST_TOPIC]


def _speakers(submission: Submission) -> list[str]:
    """Return the organisations that say it: the one that filed it, and the parties of it."""
    if submission.organisation_id is None:
        return []
    parties = submission.parties.joined().values_list("organisation", flat=True)
    said_by = Organisation.objects.filter(pk__in=[submission.organisation_id, *parties])
    listed = said_by.filter(state=Organisation.State.LISTED)
    return list(listed.order_by("slug").values_list("slug", flat=True))
