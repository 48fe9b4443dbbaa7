"""Who follows what, how often they want mail, and the news they are told of."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Who wants mail at once gets one, and what comes within this time of it comes together.
PAUSE = timedelta(minutes=10)
KEPT = timedelta(days=90)
LONGEST_TOPIC = 200
LONGEST_TITLE = 400


class Kind(models.TextChoices):
    """What can be followed; a topic is a kind and the key of one thing of it."""

    CONSULTATION = "consultation", _("Consultation")
    PROVISION = "provision", _("Provision")
    ORGANISATION = "organisation", _("Organisation")
    SUBMISSION = "submission", _("Submission")

    def topic(self, *key: str) -> str:
        """Return the one word that stands for a followed thing."""
        return f"{self.value}:{'/'.join(key)}"


class Frequency(models.TextChoices):
    """How often a person wants mail."""

    OFF = "off", _("No mail, only on my page")
    INSTANT = "instant", _("Mail at once")
    DAILY = "daily", _("Mail once a day")
    WEEKLY = "weekly", _("Mail once a week")


class Edition(models.Model):
    """The number of the newest edition; its only row is locked while news is sorted in.

    News is numbered after it is committed, one edition after the other: whoever has read up to an
    edition missed nothing before it, which no number given earlier could promise.
    """

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def newest(cls) -> int:
        """Return the number up to which everything can be read."""
        return cls.objects.values_list("number", flat=True).first() or 0

    @classmethod
    def newest_when_written(cls) -> Coalesce:
        """Return the same as an expression: what is inserted with it needs no query before."""
        return Coalesce(Subquery(cls.objects.order_by("pk").values("number")[:1]), 0)


class NewsQuerySet(models.QuerySet["News"]):
    """Reads of news as verbs."""

    def waiting(self) -> "NewsQuerySet":
        """Return what no edition holds yet."""
        return self.filter(edition__isnull=True)

    def forgotten(self, at: datetime | None = None) -> "NewsQuerySet":
        """Return what is kept no longer."""
        return self.filter(created_at__lt=(at or timezone.now()) - KEPT)


class News(models.Model):
    """Something that became public, told to those who follow one topic.

    `title` is an English text of the interface with places for `values`: each reader gets it in a
    language of their own. Whoever did it, `by`, is not told.
    """

    topic = models.CharField(max_length=LONGEST_TOPIC)
    title = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    path = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    edition = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")
        indexes = [
            models.Index(fields=["topic", "edition"], name="news_of_a_topic"),
            models.Index(fields=["id"], name="news_waiting", condition=Q(edition__isnull=True)),
            models.Index(fields=["created_at"], name="news_by_age"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def event(self) -> tuple[str, ...]:
        """Return what news of one event for several topics has in common, and nothing else has.

        The address alone would not do: several decisions of a host can stand on one page.
        """
        values = (f"{name}={value}" for name, value in sorted(self.values.items()))
        return (self.path, self.at.isoformat(), self.title, *values)

    @property
    def text(self) -> str:
        """Return what happened, in the language of the reader."""
        return gettext(self.title) % self.values


class FollowingQuerySet(models.QuerySet["Following"]):
    """Reads of who follows what."""

    def of(self, user: Any) -> "FollowingQuerySet":
        """Return what a person follows; nobody sees what another does."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def pending(self, frequency: str, upto: int) -> "FollowingQuerySet":
        """Return those with news up to an edition that their reader was not told of.

        Who wants mail at once and got one a moment ago is left out until the pause is over.
        """
        untold = News.objects.filter(
            topic=OuterRef("topic"),
            edition__gt=OuterRef("edition"),
            edition__lte=upto,
            created_at__gte=OuterRef("since"),
        )
        found = self.filter(Exists(untold), frequency=frequency, user__is_active=True)
        if frequency != Frequency.INSTANT:
            return found
        just_told = Following.objects.filter(
            user=OuterRef("user"), frequency=frequency, told_at__gt=timezone.now() - PAUSE
        )
        return found.filter(~Exists(just_told))


class Following(models.Model):
    """A person follows a topic; title and path are as they were when it began.

    since    what became public before is never sent
    edition  what is in editions up to this one was told
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followings"
    )
    topic = models.CharField(max_length=LONGEST_TOPIC)
    title = models.CharField(max_length=LONGEST_TITLE)
    path = models.CharField(max_length=500)
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency.choices)
    language = models.CharField(max_length=12, blank=True)
    edition = models.PositiveBigIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = FollowingQuerySet.as_manager()

    class Meta:
        verbose_name = _("following")
        verbose_name_plural = _("followings")
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="topic_is_followed_once"),
            models.CheckConstraint(
                condition=Q(frequency__in=Frequency.values), name="frequency_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["topic", "frequency"], name="followers_of_a_topic"),
            models.Index(fields=["frequency", "user"], name="followers_by_frequency"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.topic}"

    @property
    def kind(self) -> str:
        return self.topic.partition(":")[0]

    @property
    def key(self) -> str:
        return self.topic.partition(":")[2]
