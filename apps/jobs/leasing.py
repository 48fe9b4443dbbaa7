"""Who holds a job until when; a holder that gives no sign of life loses it."""

import logging
import threading
import time
from datetime import datetime, timedelta
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from apps.jobs.models import Job, JobQuerySet

logger = logging.getLogger(__name__)


class LeaseLost(RuntimeError):
    """Somebody else holds the job by now; what this attempt did must not count."""


def held(job: Job) -> JobQuerySet:
    """Return the row of a job as long as this claim of it is the latest."""
    return Job.objects.running().filter(pk=job.pk, token=job.token)


def lease_end() -> datetime:
    """Return until when a sign of life given now is good."""
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


class Heartbeat(threading.Thread):
    """Renews a lease from a thread, so that a long numeric step does not lose its job."""

    def __init__(self, job: Job) -> None:
        super().__init__(daemon=True, name=f"lease of job {job.pk}")
        self._job, self._ended = job, threading.Event()
        # Nobody can end a thread that hangs: past the limit it is no longer vouched for.
        self._gives_up_at = time.monotonic() + settings.CELERY_TASK_TIME_LIMIT

    def __enter__(self) -> None:
        self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Renew at a third of the lease until the work has ended."""
        try:
            while not self._ended.wait(settings.JOB_LEASE_SECONDS / 3):
                if time.monotonic() > self._gives_up_at:
                    logger.error("job %s: works for too long, its lease will end", self._job.pk)
                    return
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            held(self._job).update(lease_until=lease_end())
        except DatabaseError:
            # Missed one of three beats; if the database stays away, the token decides in the end.
            logger.warning("job %s: lease not renewed", self._job.pk)
