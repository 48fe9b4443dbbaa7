"""Submissions that somebody says were filed in a false name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.submissions.models.submission import Submission


class Dispute(models.Model):
    """“I never wrote this”: said with the link of a receipt mail, decided by the host's staff."""

    class Outcome(models.TextChoices):
        """What the host found."""

        UPHELD = "upheld", _("Not written by its named author")
        DISMISSED = "dismissed", _("Written by its named author")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="disputes")
    # Who got the mail; the account may be closed later.
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    said_at = models.DateTimeField(_("said at"), default=timezone.now)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=Outcome.choices, blank=True, default=""
    )
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-said_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=Q(outcome=""), name="one_open_dispute_each"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | ~Q(reason="") & Q(decided_at__isnull=False),
                name="decided_dispute_has_reason_and_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.outcome or 'open'}"
