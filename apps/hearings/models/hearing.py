"""When and where a hearing is held, what it is about, and whether it still takes requests."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Consultation


class HearingQuerySet(models.QuerySet["Hearing"]):
    """Reads of hearings; visibility is decided here and nowhere else."""

    def visible_to(self, user: Any) -> "HearingQuerySet":
        """Return what was announced in consultations a person may see; drafts are the host's."""
        visible = Consultation.objects.visible_to(user)
        return self.announced().filter(consultation__in=visible)

    def announced(self) -> "HearingQuerySet":
        """Return what everybody may know of, also what was cancelled."""
        return self.exclude(state=Hearing.State.DRAFT)


class Hearing(models.Model):
    """People speak at one time and place about what is consulted on.

    `sequence` goes up with each change that calendars have to learn of (RFC 5545, 3.8.7.4).
    """

    class State(models.TextChoices):
        """Where it stands; only a draft can be deleted."""

        DRAFT = "draft", _("Draft")
        ANNOUNCED = "announced", _("Announced")
        CANCELLED = "cancelled", _("Cancelled")
        CLOSED = "closed", _("Over")

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="hearings"
    )
    # Names it in calendars for good, whatever the site is called.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=80)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    place = models.CharField(_("place"), max_length=300, blank=True)
    online = models.URLField(_("online address"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    requests_close_at = models.DateTimeField(_("requests to speak until"))
    minutes_each = models.PositiveSmallIntegerField(_("minutes for each speaker"), default=5)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    reason = models.TextField(_("why it was cancelled"), blank=True)
    sequence = models.PositiveIntegerField(default=0)
    # Whether the speaking list stands in the order of `ordering.py`, untouched since.
    is_in_turn = models.BooleanField(default=False)
    announced_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    minutes_published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HearingQuerySet.as_manager()

    class Meta:
        verbose_name = _("hearing")
        verbose_name_plural = _("hearings")
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "slug"], name="hearing_slug_is_unique"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="hearing_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(requests_close_at__lte=F("starts_at")),
                name="hearing_takes_requests_before_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(place="") | ~Q(online=""), name="hearing_is_held_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(minutes_each__gte=1), name="hearing_gives_time_to_speak"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", announced_at__isnull=True)
                | Q(
                    state__in=["announced", "cancelled", "closed"],
                    announced_at__isnull=False,
                ),
                name="hearing_is_announced_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | (~Q(reason="") & Q(cancelled_at__isnull=False)),
                name="cancelled_hearing_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("hearings:detail", args=[self.consultation.slug, self.slug])

    @property
    def minutes_url(self) -> str:
        """Return where its minutes are read once they are published."""
        return reverse("hearings:minutes", args=[self.consultation.slug, self.slug])

    @property
    def minutes_pdf_url(self) -> str:
        """Return where the same is had as a file to print."""
        return reverse("hearings:minutes-pdf", args=[self.consultation.slug, self.slug])

    @property
    def is_announced(self) -> bool:
        return self.state == self.State.ANNOUNCED

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def takes_requests(self) -> bool:
        """Return whether one can ask to speak now."""
        return self.is_announced and timezone.now() < self.requests_close_at

    @property
    def length(self) -> int:
        """Return how long it lasts, in whole minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class AgendaItem(models.Model):
    """One matter of a hearing; `provisions` are stable keys, none where it is general."""

    hearing = models.ForeignKey(Hearing, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    provisions = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title
