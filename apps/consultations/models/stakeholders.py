"""Whom a host wants to hear: how many of each group, and who in particular."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.consultations.models.consultation import Consultation


class GroupGoal(models.Model):
    """How many of a stakeholder group a host wants to hear."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="goals")
    group = models.CharField(max_length=16, choices=StakeholderGroup.choices)
    goal = models.PositiveIntegerField(_("goal"))

    class Meta:
        verbose_name = _("goal of a group")
        verbose_name_plural = _("goals of groups")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "group"], name="one_goal_per_stakeholder_group"
            ),
            models.CheckConstraint(
                condition=models.Q(group__in=StakeholderGroup.values), name="goal_group_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.goal}"


class Stakeholder(models.Model):
    """Somebody a host wants to hear; only its staff reads this, and only for this consultation."""

    PAUSE: ClassVar[timedelta] = timedelta(days=7)

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="stakeholders"
    )
    name = models.CharField(_("name"), max_length=200)
    group = models.CharField(
        _("stakeholder group"), max_length=16, choices=StakeholderGroup.choices
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    # Where it has an account here, the mail goes to its members who may submit; see `email`.
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    # How far they were when the address was forgotten: "began", "filed" or nothing.
    standing = models.CharField(max_length=8, blank=True, db_default="")
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True)
    invitations = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "name"], name="stakeholder_is_named_once"
            ),
            models.CheckConstraint(
                condition=models.Q(group__in=StakeholderGroup.values),
                name="stakeholder_group_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may_be_invited(self, at: datetime | None = None) -> bool:
        """Return whether there is an address, and the last mail is long enough ago."""
        if not self.can_be_reached:
            return False
        return self.invited_at is None or self.invited_at + self.PAUSE <= (at or timezone.now())

    @property
    def can_be_reached(self) -> bool:
        """Return whether there is somebody to write to."""
        return bool(self.email) or self.organisation_id is not None

    @property
    def next_mail_at(self) -> datetime | None:
        """Return from when on a reminder may go out, None where nobody was invited."""
        return self.invited_at + self.PAUSE if self.invited_at else None
