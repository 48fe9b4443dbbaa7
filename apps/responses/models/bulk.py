"""A response to everything that matched a filter: which parts that were, and how far it is."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.responses.models.official import OfficialResponse


class BulkResponseQuerySet(models.QuerySet["BulkResponse"]):
    """Reads of bulk responses; only who may answer for the host sees how far they are."""

    def of(self, consultation: Any) -> "BulkResponseQuerySet":
        return self.filter(response__consultation=consultation).select_related(
            "response__consultation"
        )

    def numbered(self, number: int) -> "BulkResponseQuerySet":
        """Return the one of a number; one that no column can hold is nobody's, not an error.

        Asked by its response: Django looks after such numbers for a key of its own only.
        """
        return self.filter(response__pk=number)

    def running(self) -> "BulkResponseQuerySet":
        return self.filter(finished_at__isnull=True).order_by("-pk")


class BulkResponse(models.Model):
    """One response to all that matched a filter at one instant; jobs give it part by part."""

    response = models.OneToOneField(
        OfficialResponse, on_delete=models.CASCADE, primary_key=True, related_name="bulk"
    )
    # As it was asked: names and values of the address of the ledger.
    asked = models.JSONField(default=dict)
    count = models.PositiveIntegerField(_("parts that matched"))
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BulkResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk response")
        verbose_name_plural = _("bulk responses")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1), name="bulk_answers_something")
        ]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.count}"

    @property
    def job_key(self) -> str:
        return f"bulk-response:{self.pk}"


class BulkPart(models.Model):
    """A bounded share of what a bulk response answers, frozen when it was asked.

    ids       of points or of answers, those of one submission side by side
    answered  how many the response was given to
    gone      how many were withdrawn or replaced by their author meanwhile
    later     how many a later response answered meanwhile: that one stands
    """

    bulk = models.ForeignKey(
        BulkResponse, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    number = models.PositiveIntegerField()
    ids = models.JSONField(default=list)
    answered = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    later = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("part of a bulk response")
        verbose_name_plural = _("parts of bulk responses")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "number"], name="bulk_part_number_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.bulk_id} · {self.number}"
