"""What higher apps ask for: to announce; what a person asks for: to follow, change and stop.

No audit entries: what a person reads is theirs alone, and the log can never forget.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts.services import require_account
from apps.core.display import on_one_line
from apps.core.errors import DomainError
from apps.jobs import services as jobs
from apps.notifications import telling
from apps.notifications.models import LONGEST_TITLE, Edition, Following, Frequency, Kind, News
from apps.notifications.topics import find

MOST_FOLLOWED = 100


class WrongFrequency(DomainError):
    """Nobody sends mail so often."""

    code = "wrong_frequency"
    status = 422


class TooMuchFollowed(DomainError):
    """A person follows a bounded number of things."""

    code = "too_much_followed"


def announce(
    topics: Sequence[str],
    *,
    title: str,
    values: Mapping[str, str],
    path: str,
    at: datetime,
    by: Any = None,
) -> None:
    """Write news down in the caller's transaction: two queries and at most one job.

    Whoever calls makes sure that everybody may read it: it goes to whom it may concern.

    topics  as `Kind.topic` makes them
    title   an English text of the interface, marked with `gettext_noop`, with places for `values`
    path    address on this site
    by      the person who did it, who does not hear of it
    """
    told = {name: on_one_line(value) for name, value in values.items()}
    publish(
        News(topic=topic, title=title, values=told, path=path, at=at, by=by)
        for topic in dict.fromkeys(topics)
    )


def publish(news: Iterable[News]) -> None:
    """Write down news that was put together, as `announce` does."""
    rows = News.objects.bulk_create(news)
    now = Following.objects.filter(
        topic__in=[row.topic for row in rows], frequency=Frequency.INSTANT
    )
    # Without such a reader the next round sorts it in: a rush makes no jobs for nobody.
    if rows and now.exists():
        ids = [row.pk for row in rows]
        jobs.enqueue(telling.DELIVER, key=f"news:{ids[0]}", payload={"news": ids})


def retell(
    path: str,
    *,
    titles: Collection[str],
    title: str,
    values: Mapping[str, str],
    since: datetime,
    without: Kind | None = None,
) -> None:
    """Put what was announced of a page in other words: in each mail to come, and on pages.

    titles   what it was announced as, one of these
    since    it was announced then or later
    without  those who follow a thing of this kind hear nothing of it any more
    """
    told = News.objects.filter(path=path, title__in=titles, created_at__gte=since)
    if without is not None:
        told.filter(topic__startswith=without.topic("")).delete()
    told.update(title=title, values={name: on_one_line(value) for name, value in values.items()})


@transaction.atomic
def follow(user: Any, *, kind: str, key: str, frequency: str) -> Following:
    """Follow a thing, or change how often; from now on, never for what was before.

    raises  UnknownTopic for what is not there or may not be seen, WrongFrequency, TooMuchFollowed,
            NeedsAccount
    """
    require_account(user)
    _require_known(frequency)
    topic = find(kind, key, user)
    following, is_new = Following.objects.get_or_create(
        user=user,
        topic=topic.name,
        defaults={"title": topic.title, "path": topic.path, "frequency": Frequency.OFF},
    )
    if is_new and Following.objects.of(user).count() > MOST_FOLLOWED:
        raise TooMuchFollowed(
            _("You follow %(most)s things, the most there can be. Stop one of them first.")
            % {"most": MOST_FOLLOWED}
        )
    return change(following, frequency=frequency)


def follow_own(people: Iterable[Any], *, topic: str, title: str, path: str) -> None:
    """Let people follow what is theirs, with mail once a day; a choice made before stays."""
    edition, language = Edition.newest_when_written(), get_language() or ""
    own = [
        Following(
            user=person,
            topic=topic,
            title=on_one_line(title)[:LONGEST_TITLE],
            path=path,
            frequency=Frequency.DAILY,
            language=language,
            edition=edition,
        )
        for person in people
    ]
    Following.objects.bulk_create(own, ignore_conflicts=True)


def followed_of(topics: Iterable[str]) -> set[str]:
    """Return those of the topics that somebody follows."""
    followed = Following.objects.filter(topic__in=list(topics)).order_by()
    return set(followed.values_list("topic", flat=True).distinct())


@transaction.atomic
def change(following: Following, *, frequency: str) -> Following:
    """Change how often mail comes; what was published while no mail was wanted is never sent.

    Mail comes in the language this is asked in. One that was ended meanwhile stays ended.

    raises  WrongFrequency
    """
    _require_known(frequency)
    followed = Following.objects.filter(pk=following.pk)
    followed.filter(frequency=Frequency.OFF).update(edition=Edition.newest(), since=timezone.now())
    followed.update(frequency=frequency, language=get_language() or "")
    following.frequency = frequency
    return following


@transaction.atomic
def rename(kind: Kind, key: str, new_key: str, *, title: str, path: str) -> None:
    """Let those who follow a thing follow the one it became part of; a choice made there stays."""
    topic, new_topic = kind.topic(key), kind.topic(new_key)
    known = Following.objects.filter(topic=new_topic).values("user")
    Following.objects.filter(topic=topic, user__in=known).delete()
    name = on_one_line(title)[:LONGEST_TITLE]
    Following.objects.filter(topic=topic).update(topic=new_topic, title=name, path=path)


def stop(following: Following) -> None:
    """Follow no longer; a second time changes nothing."""
    Following.objects.filter(pk=following.pk).delete()


def stop_mail(user_id: int, frequency: str, *, only: int | None = None) -> None:
    """Send no more mail of one frequency to a person; a second time changes nothing.

    only  the following to stop; all of that frequency where there is none
    """
    mailed = Following.objects.filter(user_id=user_id, frequency=frequency)
    if only is not None:
        mailed = mailed.filter(pk=only)
    mailed.update(frequency=Frequency.OFF)


def _require_known(frequency: str) -> None:
    if frequency not in Frequency.values:
        message = _("Choose how often you want mail.")
        raise WrongFrequency(message, fields={"frequency": [message]})
