"""What a save of a draft held that was refused, because somebody else wrote at the same place."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.submissions.models.submission import Submission


class RefusedEdit(models.Model):
    """The words of one person at one place of a draft, for that person alone to take up again."""

    draft = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="refused", db_index=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # See parts.py.
    part = models.CharField(max_length=400)
    # The open form they stand in: once it is saved, they are.
    form = models.CharField(max_length=32, blank=True)
    words = models.TextField()
    refused_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("edit that was refused")
        verbose_name_plural = _("edits that were refused")
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "person", "part"], name="refused_edit_is_one_of_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.part}"
