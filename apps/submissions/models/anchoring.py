"""The exact words of a provision a point is about, and where they stand in each later version."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import DocumentVersion, Provision
from apps.submissions.models.content import Point


class Anchor(models.Model):
    """A phrase of the provision of a point: `start` and `end` count characters of its text.

    The words around it are kept, too: they tell one place from another after the text changed.
    """

    LONGEST: ClassVar[int] = 2_000

    point = models.OneToOneField(
        Point, on_delete=models.CASCADE, primary_key=True, related_name="anchor"
    )
    quote = models.TextField(_("exact words"))
    prefix = models.TextField(blank=True)
    suffix = models.TextField(blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="anchor_is_not_empty")
        ]

    def __str__(self) -> str:
        return self.quote

    @property
    def newest(self) -> "Placement | None":
        """Return where it stands in the newest version it was looked for, from what was fetched."""
        return max(self.placements.all(), key=lambda one: one.version.number, default=None)


class Placement(models.Model):
    """Where the words of an anchor stand in a later version of the document."""

    class State(models.TextChoices):
        """Whether they are still there."""

        ATTACHED = "attached", _("Word for word in the same provision")
        MOVED = "moved", _("Moved, or with changed words")
        ORPHANED = "orphaned", _("No longer in the text")

    anchor = models.ForeignKey(Anchor, on_delete=models.CASCADE, related_name="placements")
    version = models.ForeignKey(
        DocumentVersion, on_delete=models.CASCADE, related_name="placements", db_index=False
    )
    # Where they stand; none where they are gone.
    provision = models.ForeignKey(
        Provision, on_delete=models.CASCADE, null=True, blank=True, related_name="placements"
    )
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices)

    class Meta:
        verbose_name = _("placement of an anchor")
        verbose_name_plural = _("placements of anchors")
        constraints = [
            models.UniqueConstraint(fields=["version", "anchor"], name="anchor_is_placed_once"),
            models.CheckConstraint(
                condition=Q(state="orphaned", provision__isnull=True)
                | Q(state__in=["attached", "moved"], provision__isnull=False, end__gt=F("start")),
                name="anchor_is_placed_or_orphaned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.anchor_id} in {self.version_id}: {self.state}"
