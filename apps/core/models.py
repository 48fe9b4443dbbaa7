"""What the framework glue keeps: replies to repeated requests."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(hours=48)


class StoredReplyQuerySet(models.QuerySet["StoredReply"]):
    """Reads and the purge of stored replies."""

    def expired(self, at: datetime | None = None) -> "StoredReplyQuerySet":
        """Return the replies that are kept no longer."""
        return self.filter(created_at__lte=(at or timezone.now()) - KEPT)

    def purge(self, at: datetime | None = None) -> int:
        """Delete the replies that are kept no longer; return how many."""
        return self.expired(at).delete()[0]


class StoredReply(models.Model):
    """The answer to a request with an Idempotency-Key, written together with its effect."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    location = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True, editable=False)

    objects = StoredReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("stored reply")
        verbose_name_plural = _("stored replies")
        constraints = [
            # What makes of two requests at the same instant one effect.
            models.UniqueConstraint(fields=["user", "key"], name="reply_is_stored_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.key}"
