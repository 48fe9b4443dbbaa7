"""Organisations, which speak through their members."""

from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models.people import User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads of organisations."""

    def with_member(self, user: Any) -> "OrganisationQuerySet":
        """Return the organisations a person may draft for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user).distinct()


class Organisation(models.Model):
    """Who speaks when it is not a private person."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    group = models.CharField(
        _("stakeholder group"), max_length=16, choices=StakeholderGroup.choices
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    website = models.URLField(_("website"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    members = models.ManyToManyField(User, through="Membership", related_name="organisations")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="organisation_name_is_unique_in_any_case"),
            models.CheckConstraint(
                condition=models.Q(group__in=StakeholderGroup.values),
                name="organisation_group_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person may do for an organisation."""

    class Role(models.TextChoices):
        """Each role includes the ones before it."""

        DRAFTER = "drafter", _("Drafter")
        SUBMITTER = "submitter", _("Submitter")
        SIGNATORY = "signatory", _("Signatory")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.DRAFTER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], name="one_membership_per_person_and_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} ({self.role})"
