"""Runs one job: claim, work, then effects, state and fan-in in one transaction."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.jobs.leasing import Heartbeat, LeaseLost, held, lease_end
from apps.jobs.models import Job
from apps.jobs.registry import Effects, burial_of, handler_of

logger = logging.getLogger(__name__)
State = Job.State
SECONDS_BETWEEN_WRITES = 0.5
LONGEST_MESSAGE = 2_000


class WorkerLost(RuntimeError):
    """Worker after worker ended while it held the job: the job itself may be what ends them."""


@dataclass(frozen=True)
class FollowUp:
    """Jobs to be inserted when this one is finished."""

    kind: str
    payloads: Sequence[Mapping[str, Any]]
    then: str = ""
    then_payload: Mapping[str, Any] = field(default_factory=dict)


class Run:
    """One attempt at a job, as its handler sees it."""

    def __init__(self, job: Job, *, watch: Callable[[], object] = lambda: None) -> None:
        self.job = job
        self.payload: dict[str, Any] = job.payload
        self.follow_ups: list[FollowUp] = []
        self._watch = watch
        self._written_at = 0.0
        self._shown = ("", 0)

    def progress(self, done: int, total: int, stage: str) -> None:
        """Show how far the work is, never less than before in the same stage; renews the lease.

        Written at most twice a second. Raises LeaseLost where somebody else holds the job by now:
        the work ends there, nothing of it would count.
        """
        now = time.monotonic()
        is_same_stage = stage == self._shown[0]
        if is_same_stage and done < self._shown[1]:
            return
        if is_same_stage and done < total and now - self._written_at < SECONDS_BETWEEN_WRITES:
            return
        self._written_at, self._shown = now, (stage, done)
        if not held(self.job).update(
            done=min(done, total), total=total, stage=stage[:40], lease_until=lease_end()
        ):
            raise LeaseLost(self.job.key)
        self._watch()

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

        Without any part `then` follows at once. A part that is given up gives up `then` too. A part
        may fan out itself: it counts as done when what follows it is done.
        """
        self.follow_ups.append(FollowUp(kind, payloads, then, then_payload))


def run_job(
    job_id: int,
    *,
    watch: Callable[[], object] = lambda: None,
    announce: Callable[[], object] | None = None,
) -> bool:
    """Claim a job and do its work; return whether this call was the one that claimed it.

    An error of the handler is recorded and the job tried again later, or given up for good.

    watch     called whenever the progress of the job was written
    announce  called when the job is finished and others may begin for that reason
    """
    job = claim(job_id)
    if job is None:
        return False
    logger.info("job %s %s: attempt %s", job.pk, job.kind, job.attempts)
    if job.attempts > len(settings.JOB_BACKOFF_SECONDS) + 1:
        fail(job, WorkerLost(f"{job.attempts - 1} workers ended while they held this job"))
        return True
    run, started_at = Run(job, watch=watch), time.monotonic()
    try:
        with Heartbeat(job):
            effects = handler_of(job.kind).work(run)
        finish(run, effects)
    except LeaseLost:
        logger.warning("job %s %s: taken over by another worker", job.pk, job.kind)
    except (KeyboardInterrupt, SystemExit):
        give_back(job)
        raise
    except Exception as error:  # noqa: BLE001 - whatever went wrong is recorded, never swallowed
        logger.exception("job %s %s: attempt %s failed", job.pk, job.kind, job.attempts)
        fail(job, error)
    else:
        logger.info("job %s %s: done in %.2f s", job.pk, job.kind, time.monotonic() - started_at)
        if announce and _others_may_begin(run):
            announce()
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
            lease_until=lease_end(),
            started_at=now,
            # The offer is taken: if this holder is lost, the next follows when the lease ends.
            dispatched_at=None,
            done=0,
            total=0,
            stage="",
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
    if not held(job).update(
        state=State.DONE, finished_at=timezone.now(), lease_until=None, done=F("total")
    ):
        raise LeaseLost(job.key)
    if effects:
        effects()
    for number, follow_up in enumerate(run.follow_ups):
        _insert(job, number, follow_up)
    # Each follow-up ends in one job, which stands for this part from now on.
    if job.parent_id and len(run.follow_ups) != 1:
        Job.objects.filter(pk=job.parent_id).update(
            remaining=F("remaining") + len(run.follow_ups) - 1
        )


@transaction.atomic
def fail(job: Job, error: Exception) -> None:
    """Record a failed attempt: try again after a wait, or give the job up after the last."""
    waits = settings.JOB_BACKOFF_SECONDS
    is_last = job.attempts > len(waits)
    message = str(error)[:LONGEST_MESSAGE].replace("\x00", "")
    wait = 0 if is_last else waits[job.attempts - 1]
    was_held = held(job).update(
        state=State.DEAD if is_last else State.FAILED,
        run_after=timezone.now() + timedelta(seconds=wait),
        lease_until=None,
        dispatched_at=None,
        error_class=type(error).__name__[:100],
        error_message=message,
        finished_at=timezone.now() if is_last else None,
    )
    if was_held and is_last:
        _bury(job, message)


def give_back(job: Job) -> None:
    """Put a job back as if it had not been claimed: its process was asked to end."""
    held(job).update(state=State.QUEUED, attempts=F("attempts") - 1, lease_until=None)


def run_until_idle(root: str, *, watch: Callable[[], object] = lambda: None) -> None:
    """Run the jobs of one root in this process until none is left to run.

    Works beside workers: a job is whoever's that claims it. `watch` is called after every job,
    with every progress of a job, and while waiting for jobs that others hold or that are to be
    tried again.
    """
    of_root = Job.objects.of(root)
    while True:
        job_id = of_root.due().values_list("pk", flat=True).first()
        if job_id is None and not of_root.unfinished().exists():
            return
        if job_id is None or not run_job(job_id, watch=watch):
            time.sleep(0.1)
        watch()


def _bury(job: Job, message: str) -> None:
    """Tell the handler of a dead job, and give up the job that waits for it."""
    logger.error("job %s %s: given up: %s", job.pk, job.kind, message)
    when_dead = burial_of(job.kind)
    if when_dead:
        try:
            with transaction.atomic():
                when_dead(job.payload, message)
        except Exception:  # noqa: BLE001 - an error here must not keep a dead job from being dead
            logger.exception("job %s %s: its handler could not be told", job.pk, job.kind)
    if job.parent_id:
        waiting = Job.objects.filter(pk=job.parent_id, state=State.QUEUED)
        if waiting.update(
            state=State.DEAD,
            error_class="PartDied",
            error_message=message,
            finished_at=timezone.now(),
        ):
            _bury(Job.objects.get(pk=job.parent_id), message)


def _insert(job: Job, number: int, follow_up: FollowUp) -> None:
    """Insert what follows a job; keys are made of its id, so they stay short in a long chain."""
    successor = job.parent
    if follow_up.then:
        successor = Job.objects.create(
            kind=follow_up.then,
            key=f"after {job.pk}: {number} {follow_up.then}",
            root=job.root,
            payload=dict(follow_up.then_payload),
            parent=job.parent,
            remaining=len(follow_up.payloads),
        )
    Job.objects.bulk_create(
        (
            Job(
                kind=follow_up.kind,
                key=f"after {job.pk}: {number}.{part} {follow_up.kind}",
                root=job.root,
                payload=dict(payload),
                parent=successor,
            )
            for part, payload in enumerate(follow_up.payloads)
        ),
        batch_size=500,
    )


def _others_may_begin(run: Run) -> bool:
    return bool(run.follow_ups) or (
        run.job.parent_id is not None
        and Job.objects.unfinished().filter(pk=run.job.parent_id, remaining=0).exists()
    )
