"""Who asks to speak at a hearing, for whom, and what was decided."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.hearings.models.hearing import AgendaItem, Hearing


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    """Reads of speakers."""

    def accepted(self) -> "SpeakerQuerySet":
        """Return the speaking list in its order."""
        return self.filter(state=Speaker.State.ACCEPTED).order_by("position", "pk")

    def belonging_to(self, user: Any) -> "SpeakerQuerySet":
        """Return a person's own requests, and those of organisations one may submit for."""
        if not user.is_authenticated:
            return self.none()
        ours = Organisation.objects.with_submitter(user).values("pk")
        mine = Q(person=user, organisation__isnull=True)
        return self.filter(mine | Q(organisation__in=ours))

    def standing(self) -> "SpeakerQuerySet":
        """Return what counts as a request: everything that was not withdrawn."""
        return self.exclude(state=Speaker.State.WITHDRAWN)


class Speaker(models.Model):
    """One who speaks, or asked to, in one capacity.

    Staff may add somebody without an account: then there is no `person`, and `email` is where mail
    goes. Only staff reads the address, and the name where `is_named` does not say otherwise.
    """

    class State(models.TextChoices):
        """What became of the request."""

        ASKED = "asked", _("Asked to speak")
        ACCEPTED = "accepted", _("On the list")
        DECLINED = "declined", _("Not on the list")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    PAUSE: ClassVar[timedelta] = timedelta(days=7)

    hearing = models.ForeignKey(Hearing, on_delete=models.CASCADE, related_name="speakers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="speaking",
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="speaking"
    )
    # As it was called, or as staff wrote it; empty for a private person.
    organisation_name = models.CharField(_("organisation"), max_length=300, blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_named = models.BooleanField(_("show the name"), default=False)
    email = models.EmailField(_("e-mail address"), blank=True)
    group = models.CharField(
        _("stakeholder group"), max_length=16, choices=StakeholderGroup.choices
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="speakers"
    )
    about = models.CharField(_("about"), max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    reason = models.TextField(_("why it was declined"), blank=True)
    position = models.PositiveIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    # When the last mail asked to confirm statements.
    written_at = models.DateTimeField(null=True, blank=True)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hearing", "person"],
                condition=Q(person__isnull=False, organisation__isnull=True),
                name="a_person_asks_to_speak_once",
            ),
            models.UniqueConstraint(
                fields=["hearing", "organisation"],
                condition=Q(organisation__isnull=False),
                name="an_organisation_asks_to_speak_once",
            ),
            models.CheckConstraint(
                condition=Q(group__in=StakeholderGroup.values), name="speaker_group_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="declined_speaker_reads_why"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="speaker_has_time"),
        ]

    def __str__(self) -> str:
        return self.known_as

    @property
    def public_name(self) -> str:
        """Return what everybody may read: "" for a private person who did not choose otherwise."""
        own = self.name if self.is_named else ""
        return ", ".join(filter(None, (self.organisation_name, own)))

    @property
    def known_as(self) -> str:
        """Return what staff and the speaker read."""
        known = ", ".join(filter(None, (self.organisation_name, self.name)))
        return known or self.address or str(StakeholderGroup(self.group).label)

    @property
    def address(self) -> str:
        """Return where mail goes, "" where nobody can be written to."""
        if self.person is not None and self.person.is_active:
            return self.person.email
        return self.email

    @property
    def is_accepted(self) -> bool:
        return self.state == self.State.ACCEPTED

    def may_be_reminded(self, at: datetime | None = None) -> bool:
        """Return whether the last mail is long enough ago, and there is somebody to write to."""
        if not self.address or self.written_at is None:
            return False
        return self.written_at + self.PAUSE <= (at or timezone.now())
