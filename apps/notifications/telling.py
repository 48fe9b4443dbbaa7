"""Tells people what is new in what they follow: in editions, in parts of bounded size, once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone, translation

from apps.accounts import mailing
from apps.accounts.models import Letter
from apps.jobs import services as jobs
from apps.jobs.executing import Run
from apps.notifications.models import Edition, Following, FollowingQuerySet, Frequency, Kind, News
from apps.notifications.topics import Followed, links_to_deny
from apps.notifications.unsubscribing import headers_for, link_of

DELIVER, ROUND, TELL = "notifications.deliver", "notifications.round", "notifications.tell"
PEOPLE_PER_PART = 200
MOST_IN_A_MAIL = 30
MOST_NAMED = 20
# Rounds begin in the morning of Europe, when the night's news of America is in.
DIGEST_HOUR = 6


def deliver(run: Run) -> None:
    """Sort news in, and split the telling of those who want it at once. Safe to run twice."""
    announced = News.objects.filter(pk__in=run.payload["news"])
    if announced.waiting().exists():
        sort_in()
    pending = Following.objects.pending(Frequency.INSTANT, Edition.newest())
    _split(run, pending.filter(topic__in=announced.values("topic")), Frequency.INSTANT)


def begin_round(run: Run) -> None:
    """Sort news in, and split the telling of all who want mail so often. Safe to run twice."""
    frequency: str = run.payload["frequency"]
    sort_in()
    _split(run, Following.objects.pending(frequency, Edition.newest()), frequency)


def sort_in() -> None:
    """Give all committed news that waits the number of the next edition.

    The lock lasts until the commit: a later number never becomes readable before an earlier one.
    """
    Edition.objects.get_or_create(pk=1)
    edition = Edition.objects.select_for_update().get(pk=1)
    if News.objects.waiting().update(edition=edition.number + 1):
        Edition.objects.filter(pk=1).update(number=F("number") + 1)


def tell(frequency: str, first: int, last: int) -> int:
    """Write one letter to each person of a part who has news; return how many.

    Letters and cursors belong to the caller's transaction, and the followings are locked first:
    another job that tells the same people waits, and then finds them told. What a mail of another
    frequency told is not told again.

    first, last  ids of the first and the last person of the part
    """
    upto = Edition.newest()
    part = Following.objects.pending(frequency, upto).filter(user_id__gte=first, user_id__lte=last)
    # All that these people follow is locked: a day and a week begin in the same moment.
    theirs = Following.objects.filter(user__in=part.values("user"))
    held = list(theirs.select_for_update(of=("self",)).select_related("user").order_by("id"))
    due = set(part.values_list("pk", flat=True))
    followings = [one for one in held if one.pk in due]
    news, letters = _newest(followings, upto), []
    links = links_to_deny({(one.user_id, one.topic) for one in followings if one.topic in news})
    known = _told_elsewhere([one for one in held if one.pk not in due], news)
    for own in _by_person(followings).values():
        told = [one for one in _untold(own, news) if one.event not in known[own[0].user_id]]
        if told:
            letters.append(_letter(own, told, frequency, links))
    mailing.post_all(letters)
    Following.objects.filter(pk__in=[one.pk for one in followings]).update(
        edition=upto, told_at=timezone.now()
    )
    return len(letters)


def begin_rounds(now: datetime | None = None) -> None:
    """Enqueue the rounds that are due, each once however often the clock asks.

    Days and weeks are in UTC. A round missed while nothing ran is made up for on the same day, or
    in the same week; later the next one tells of everything since the last.
    """
    now = now or timezone.now()
    held_back = Following.objects.pending(Frequency.INSTANT, Edition.newest())
    if held_back.exists() or News.objects.waiting().exists():
        _enqueue_round(Frequency.INSTANT, f"{now:%Y-%m-%dT%H:%M}")
    if now.hour >= DIGEST_HOUR:
        _enqueue_round(Frequency.DAILY, f"{now:%Y-%m-%d}")
    if now.isoweekday() > 1 or now.hour >= DIGEST_HOUR:
        _enqueue_round(Frequency.WEEKLY, f"{now:%G-W%V}")


def _enqueue_round(frequency: Frequency, when: str) -> None:
    payload = {"frequency": frequency.value}
    jobs.enqueue(ROUND, key=f"round:{frequency.value}:{when}", payload=payload)


def _split(run: Run, pending: FollowingQuerySet, frequency: str) -> None:
    people = list(pending.order_by("user_id").values_list("user_id", flat=True).distinct())
    for start in range(0, len(people), PEOPLE_PER_PART):
        part = people[start : start + PEOPLE_PER_PART]
        run.follow(TELL, {"frequency": frequency, "first": part[0], "last": part[-1]})


def _newest(followings: Sequence[Following], upto: int) -> Mapping[str, Sequence[News]]:
    """Return for each topic the newest news, one more than a mail holds; one query."""
    if not followings:
        return {}
    ranked = News.objects.filter(
        topic__in={one.topic for one in followings},
        edition__gt=min(one.edition for one in followings),
        edition__lte=upto,
    ).annotate(rank=Window(RowNumber(), partition_by="topic", order_by="-id"))
    found: dict[str, list[News]] = defaultdict(list)
    for one in ranked.filter(rank__lte=MOST_IN_A_MAIL + 1).order_by("-id"):
        found[one.topic].append(one)
    return found


def _by_person(followings: Iterable[Following]) -> Mapping[int, Sequence[Following]]:
    people: dict[int, list[Following]] = defaultdict(list)
    for one in followings:
        people[one.user_id].append(one)
    return people


def _untold(own: Sequence[Following], news: Mapping[str, Sequence[News]]) -> list[News]:
    """Return what is new to a person, newest first; what is news of two topics is told once."""
    found: dict[tuple[str, ...], News] = {}
    # News of one's own submission comes with a link to deny it, which the other topics lack.
    for following in sorted(own, key=lambda one: one.kind != Kind.SUBMISSION):
        for one in news.get(following.topic, ()):
            is_new = one.created_at >= following.since and not _was_told(following, one)
            if is_new and one.by_id != following.user_id:
                found.setdefault(one.event, one)
    return sorted(found.values(), key=lambda one: one.pk, reverse=True)


def _told_elsewhere(
    others: Sequence[Following], news: Mapping[str, Sequence[News]]
) -> Mapping[int, set[tuple[str, ...]]]:
    """Return what people were told in mails of another frequency, by person; one query.

    News of one event is sorted into one edition, whatever it is news of.
    """
    editions = {one.edition for rows in news.values() for one in rows}
    found: dict[str, list[News]] = defaultdict(list)
    topics = {one.topic for one in others}
    for row in News.objects.filter(topic__in=topics, edition__in=editions):
        found[row.topic].append(row)
    told: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for one in others:
        told[one.user_id].update(row.event for row in found[one.topic] if _was_told(one, row))
    return told


def _was_told(following: Following, news: News) -> bool:
    """Return whether a mail about what is followed held a piece of news."""
    is_read = news.edition is not None and news.edition <= following.edition
    return is_read and news.created_at >= following.since


def _letter(
    own: Sequence[Following], told: Sequence[News], frequency: str, links: Mapping[Followed, str]
) -> Letter:
    newest = max(own, key=lambda one: one.pk)
    link = link_of(newest.user_id, frequency)
    titles = {one.topic: one.title for one in own}
    with translation.override(newest.language or settings.LANGUAGE_CODE):
        news = [
            {
                "text": one.text,
                "url": mailing.absolute(one.path),
                "disown": links.get((newest.user_id, one.topic), ""),
                # A reply is news of what it answers: the link denies that, not the reply.
                "own": titles.get(one.topic, ""),
            }
            for one in told[:MOST_IN_A_MAIL]
        ]
    context: dict[str, Any] = {
        "news": news,
        "is_cut": len(told) > MOST_IN_A_MAIL,
        "followed": [one.title for one in own[:MOST_NAMED]],
        "page": mailing.absolute(reverse("notifications:list")),
        "stop": link,
    }
    return Letter(
        address=newest.user.email,
        template="notifications/mail/news",
        context=context,
        headers=headers_for(link),
        language=newest.language,
    )
