"""What a host decided about a consultation after or at publication, with the reason: public."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.consultations.models.consultation import Consultation


class Notice(models.Model):
    """One decision about the course of a consultation; it is never changed or taken away.

    details  facts of the decision: phase and instants before and after, open items of readiness
    """

    class Kind(models.TextChoices):
        """What was decided."""

        PUBLISHED = "published", _("Published with open items")
        EXTENDED = "extended", _("Extended")
        CLOSED = "closed", _("Closed early")
        MOVED = "moved", _("Dates changed")
        ARCHIVED = "archived", _("Question archived")
        REOPENED = "reopened", _("No longer marked as answered")

    OF_DATES: ClassVar[tuple[str, ...]] = (Kind.EXTENDED, Kind.CLOSED, Kind.MOVED)

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.TextField(_("reason"))
    details = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="notice_has_a_reason"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["published", "extended", "closed", "moved", "archived", "reopened"]
                ),
                name="notice_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.consultation_id}"

    @property
    def changes(self) -> list[dict[str, Any]]:
        """Return of each phase what was moved, its opening, its closing or both.

        returns  the name of the phase, which `moment` of it, when that was, and when it is now
        """
        return [
            {"phase": one["phase"], "moment": moment, "was": _instant(was), "is": _instant(now)}
            for one in self.details.get("phases", ())
            for moment, was, now in zip(("opens", "closes"), one["from"], one["to"], strict=True)
            if (was or "") != (now or "")
        ]

    @property
    def open_items(self) -> list[str]:
        """Return what was open when the consultation was published, in words."""
        return [str(label) for label in self.details.get("open", ())]


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
