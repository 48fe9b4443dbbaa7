"""Files of another tool that staff upload to take in: where they lie, what became of them."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Consultation


class ImportUploadQuerySet(models.QuerySet["ImportUpload"]):
    """Reads of uploads."""

    def naming(self, name: str) -> "ImportUploadQuerySet":
        """Return those that need a stored file."""
        return self.filter(Q(stored=name) | Q(table=name) | Q(rejects=name))

    def outdated(self) -> "ImportUploadQuerySet":
        """Return those whose files are kept no longer: they hold more than was taken in."""
        old = Q(made_at__lt=timezone.now() - ImportUpload.KEPT)
        held = ~Q(stored="", table="", rejects="")
        return self.filter(old & held).exclude(state=ImportUpload.State.RUNNING)


class ImportUpload(models.Model):
    """A CSV or XLSX file of another tool, how its columns are read, and what was taken in."""

    class State(models.TextChoices):
        """Where it stands; a file can be mapped and run again, nothing is taken in twice."""

        UPLOADED = "uploaded", _("To be mapped")
        MAPPED = "mapped", _("Ready to run")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    class Kind(models.TextChoices):
        """The kinds of files that are read."""

        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    KEPT: ClassVar[timedelta] = timedelta(days=30)

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="import_uploads"
    )
    name = models.CharField(_("file name"), max_length=200)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    # Random names in the store: the file as sent, the rows of a sheet, the rows not taken in.
    stored = models.CharField(max_length=80, blank=True)
    table = models.CharField(max_length=80, blank=True)
    rejects = models.CharField(max_length=80, blank=True)
    encoding = models.CharField(max_length=16, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    # `Plan` as plain JSON, see importing/planning.py; empty until somebody mapped it.
    mapping = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.UPLOADED)
    runs = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(_("submissions added"), default=0)
    already_there = models.PositiveIntegerField(_("texts that were there already"), default=0)
    rejected = models.PositiveIntegerField(_("rows rejected"), default=0)
    # The most frequent reasons, as [reason, rows].
    reasons = models.JSONField(default=list, blank=True)
    failure = models.TextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ImportUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded import")
        verbose_name_plural = _("uploaded imports")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "sha256"], name="import_file_is_uploaded_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "mapped", "running", "done", "failed"]),
                name="import_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def job_key(self) -> str:
        """Name the job of the latest run."""
        return f"import:{self.pk}:{self.runs}"

    @property
    def taken(self) -> int:
        """How many rows are in: taken in by the last run, or there before."""
        return max(self.rows - self.rejected, 0)

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_kept(self) -> bool:
        """Return whether its rows can still be read."""
        return bool(self.stored)

    def facts(self) -> dict[str, Any]:
        """Return what the log says of it."""
        return {"file": self.sha256, "rows": self.rows}
