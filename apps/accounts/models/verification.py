"""How it was checked that an organisation is who it says: what, when, by which way, until when."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.organisations import Organisation


class VerificationQuerySet(models.QuerySet["Verification"]):
    """Reads of verifications."""

    def standing(self) -> "VerificationQuerySet":
        """Return those that hold now."""
        return self.filter(state=Verification.State.CONFIRMED, expires_at__gt=timezone.now())

    def for_review(self) -> "VerificationQuerySet":
        """Return what waits for two members of staff, the oldest first."""
        waiting = self.filter(method=Verification.Method.REGISTER, state=Verification.State.PENDING)
        return waiting.select_related("organisation", "number").order_by("requested_at", "id")


class Verification(models.Model):
    """One way in which an organisation was, or asks to be, checked."""

    class Method(models.TextChoices):
        """What is looked at."""

        EMAIL = "email", _("E-mail at its domain")
        DNS = "dns", _("Record in its domain name")
        FILE = "file", _("File on its website")
        REGISTER = "register", _("Entry in a public register")

    class State(models.TextChoices):
        """What came of it."""

        PENDING = "pending", _("Not confirmed yet")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Not confirmed")

    HOLDS: ClassVar[dict[str, timedelta]] = {
        Method.EMAIL: timedelta(days=365),
        Method.DNS: timedelta(days=90),
        Method.FILE: timedelta(days=90),
        Method.REGISTER: timedelta(days=365),
    }
    OPEN_FOR: ClassVar[timedelta] = timedelta(days=7)

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="verifications"
    )
    method = models.CharField(max_length=8, choices=Method.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    # What was checked, as the badge says it: a domain, or a register and its number.
    subject = models.CharField(max_length=300)
    number = models.ForeignKey(
        "accounts.RegisterNumber", on_delete=models.CASCADE, null=True, blank=True
    )
    # What is to stand in the record or the file; of a mail only the hash of its link is kept.
    token = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - none for others
    problem = models.CharField(max_length=300, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["-requested_at", "-id"]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.subject}"

    @property
    def is_standing(self) -> bool:
        return (
            self.state == self.State.CONFIRMED
            and self.expires_at is not None
            and self.expires_at > timezone.now()
        )

    @property
    def is_open(self) -> bool:
        """Return whether it can still be confirmed with its token."""
        is_recent = timezone.now() < self.requested_at + self.OPEN_FOR
        return self.state == self.State.PENDING and is_recent


class Review(models.Model):
    """What one member of staff found in the public register."""

    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="reviews")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    is_confirmed = models.BooleanField()
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("review of a register entry")
        verbose_name_plural = _("reviews of register entries")
        constraints = [
            models.UniqueConstraint(fields=["verification", "staff"], name="one_review_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.verification} · {self.staff}"
