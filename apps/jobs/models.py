"""One row per job: what is to be done, where it stands, who holds it until when."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet["Job"]):
    """Reads of jobs as verbs."""

    def due(self, now: datetime | None = None) -> "JobQuerySet":
        """Return what may be started: waiting for nothing, or held by somebody who is gone."""
        moment = now or timezone.now()
        waiting = Q(state__in=[Job.State.QUEUED, Job.State.FAILED], run_after__lte=moment)
        return self.unfinished().filter(
            (waiting & Q(remaining=0)) | Q(state=Job.State.RUNNING, lease_until__lt=moment)
        )

    def unfinished(self) -> "JobQuerySet":
        """Return what is neither done nor given up; spelled as the condition of the index."""
        return self.filter(finished_at__isnull=True)

    def running(self) -> "JobQuerySet":
        return self.filter(state=Job.State.RUNNING)

    def dead(self) -> "JobQuerySet":
        return self.filter(state=Job.State.DEAD)

    def of(self, root: str) -> "JobQuerySet":
        """Return a job with all jobs that follow from it, by the key of the first."""
        return self.filter(root=root).order_by("id")


class Job(models.Model):
    """A unit of work; `key` makes enqueuing it twice harmless."""

    class State(models.TextChoices):
        """`failed` will be tried again, `dead` waits for a person."""

        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("To be tried again")
        DEAD = "dead", _("Given up")

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=200, unique=True)
    root = models.CharField(max_length=200, db_index=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_after = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    # Goes up with every claim: whoever holds an older one cannot finish the job any more.
    token = models.PositiveIntegerField(default=0)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    # Fan-in: the job that begins when all its parts are done, and how many it still waits for.
    # What follows a part takes the place of that part.
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="parts"
    )
    remaining = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=40, blank=True)
    error_class = models.CharField(max_length=100, blank=True)
    error_message = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False),
                name="running_job_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="job_has_not_done_more_than_all"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "dead"], finished_at__isnull=False)
                | Q(state__in=["queued", "running", "failed"], finished_at__isnull=True),
                name="job_is_finished_when_done_or_dead",
            ),
        ]
        indexes = [
            # What the sweeper reads every second must not grow with what was ever done.
            models.Index(
                fields=["run_after", "id"],
                name="job_unfinished",
                condition=Q(finished_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
