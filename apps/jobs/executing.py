"""Runs one job: claim, work, then effects, state and fan-in in one transaction."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from apps.jobs.models import Job
from apps.jobs.registry import Effects, handler_of

logger = logging.getLogger(__name__)
State = Job.State
SECONDS_BETWEEN_WRITES = 0.5
LONGEST_MESSAGE = 2_000


class WorkerLost(RuntimeError):
    """Worker after worker ended while it held the job: the job itself may be what ends them."""


class LeaseLost(RuntimeError):
    """Somebody else holds the job by now; what this attempt did must not count."""


@dataclass(frozen=True)
class FollowUp:
    """Jobs to be inserted when this one is finished."""

    kind: str
    payloads: Sequence[Mapping[str, Any]]
    then: str = ""
    then_payload: Mapping[str, Any] = field(default_factory=dict)


class Run:
    """One attempt at a job, as its handler sees it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.payload: dict[str, Any] = job.payload
        self.follow_ups: list[FollowUp] = []
        self._written_at = 0.0

    def progress(self, done: int, total: int, stage: str) -> None:
        """Show how far the work is; written at most twice a second, and renews the lease."""
        now = time.monotonic()
        if now - self._written_at < SECONDS_BETWEEN_WRITES and done < total:
            return
        self._written_at = now
        _held(self.job).update(
            done=min(done, total), total=total, stage=stage[:40], lease_until=_lease()
        )

    def follow(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Let one job follow when this one is finished."""
        self.follow_ups.append(FollowUp(kind, [payload]))

    def fan_out(
        self,
        kind: str,
        payloads: Sequence[Mapping[str, Any]],
        *,
        then: str,
        then_payload: Mapping[str, Any],
    ) -> None:
        """Let one part per payload follow, and `then` exactly once when all parts are done.

        Without any part `then` follows at once. A part that is given up gives up `then` too.
        """
        self.follow_ups.append(FollowUp(kind, payloads, then, then_payload))


def run_job(job_id: int) -> bool:
    """Claim a job and do its work; return whether this call was the one that claimed it.

    An error of the handler is recorded and the job tried again later, or given up for good.
    """
    job = claim(job_id)
    if job is None:
        return False
    logger.info("job %s %s: attempt %s", job.pk, job.kind, job.attempts)
    if job.attempts > len(settings.JOB_BACKOFF_SECONDS) + 1:
        fail(job, WorkerLost(f"{job.attempts - 1} workers ended while they held this job"))
        return True
    run = Run(job)
    try:
        with _Heartbeat(job):
            effects = handler_of(job.kind).work(run)
        finish(run, effects)
    except LeaseLost:
        logger.warning("job %s %s: taken over by another worker", job.pk, job.kind)
    except Exception as error:  # noqa: BLE001 - whatever went wrong is recorded, never swallowed
        logger.exception("job %s %s: attempt %s failed", job.pk, job.kind, job.attempts)
        fail(job, error)
    return True


def claim(job_id: int) -> Job | None:
    """Take a due job with a new token and a lease; None where somebody was faster."""
    now = timezone.now()
    claimed = (
        Job.objects.due(now)
        .filter(pk=job_id)
        .update(
            state=State.RUNNING,
            attempts=F("attempts") + 1,
            token=F("token") + 1,
            lease_until=_lease(),
            started_at=now,
            error_class="",
            error_message="",
        )
    )
    return Job.objects.get(pk=job_id) if claimed else None


@transaction.atomic
def finish(run: Run, effects: Effects) -> None:
    """Store effects, state, follow-ups and the fan-in in one transaction; raise LeaseLost."""
    job = run.job
    # The guarded update comes first: it locks the row, so that a second holder waits here.
    if not _held(job).update(
        state=State.DONE, finished_at=timezone.now(), lease_until=None, done=F("total")
    ):
        raise LeaseLost(job.key)
    if effects:
        effects()
    for follow_up in run.follow_ups:
        _insert(job, follow_up)
    if job.parent_id:
        Job.objects.filter(pk=job.parent_id).update(remaining=F("remaining") - 1)


@transaction.atomic
def fail(job: Job, error: Exception) -> None:
    """Record a failed attempt: try again after a wait, or give the job up after the last."""
    waits = settings.JOB_BACKOFF_SECONDS
    is_last = job.attempts > len(waits)
    message = str(error)[:LONGEST_MESSAGE].replace("\x00", "")
    wait = 0 if is_last else waits[job.attempts - 1]
    held = _held(job).update(
        state=State.DEAD if is_last else State.FAILED,
        run_after=timezone.now() + timedelta(seconds=wait),
        lease_until=None,
        dispatched_at=None,
        error_class=type(error).__name__[:100],
        error_message=message,
        finished_at=timezone.now() if is_last else None,
    )
    if held and is_last:
        bury(job, message)


def bury(job: Job, message: str) -> None:
    """Tell the handler of a dead job, and give up the job that waits for it."""
    when_dead = handler_of(job.kind).when_dead if job.kind else None
    if when_dead:
        when_dead(job.payload, message)
    if job.parent_id:
        waiting = Job.objects.filter(pk=job.parent_id, state=State.QUEUED)
        if waiting.update(state=State.DEAD, error_class="PartDied", error_message=message):
            bury(Job.objects.get(pk=job.parent_id), message)


class _Heartbeat(threading.Thread):
    """Renews a lease from a thread, so that a long numeric step does not lose its job."""

    def __init__(self, job: Job) -> None:
        super().__init__(daemon=True, name=f"lease of job {job.pk}")
        self._job, self._ended = job, threading.Event()

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
        try:
            while not self._ended.wait(settings.JOB_LEASE_SECONDS / 3):
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            _held(self._job).update(lease_until=_lease())
        except DatabaseError:
            # Missed one of three beats; if the database stays away, the token decides in the end.
            logger.warning("job %s: lease not renewed", self._job.pk)


def _held(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, token=job.token, state=State.RUNNING)


def _lease() -> Any:
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _insert(job: Job, follow_up: FollowUp) -> None:
    parent = None
    if follow_up.then:
        parent = Job.objects.create(
            kind=follow_up.then,
            key=f"{job.key}/{follow_up.then}",
            root=job.root,
            payload=dict(follow_up.then_payload),
            remaining=len(follow_up.payloads),
        )
    Job.objects.bulk_create(
        Job(
            kind=follow_up.kind,
            key=f"{job.key}/{follow_up.kind}/{number}",
            root=job.root,
            payload=dict(payload),
            parent=parent,
        )
        for number, payload in enumerate(follow_up.payloads)
    )


def run_until_idle(root: str, *, watch: Callable[[], None] = lambda: None) -> None:
    """Run the jobs of one root in this process until none is left to run.

    Works beside workers: a job is whoever's that claims it. `watch` is called after every job and
    while waiting for jobs that others hold or that are to be tried again.
    """
    while Job.objects.of(root).unfinished().exists():
        job_id = Job.objects.of(root).due().values_list("pk", flat=True).first()
        if job_id is None or not run_job(job_id):
            time.sleep(0.1)
        watch()
