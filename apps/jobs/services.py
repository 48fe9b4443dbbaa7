"""What other services ask for: a job in their own transaction; what staff asks for: once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.jobs.models import Job


@dataclass(frozen=True)
class Progress:
    """How far a chain of jobs is: `share` from 0 to 1, the stage now running, and its own count."""

    share: float
    stage: str
    done: int
    total: int
    is_over: bool
    is_dead: bool
    reason: str = ""


def enqueue(kind: str, *, key: str, payload: Mapping[str, Any]) -> Job:
    """Insert a job in the caller's transaction; the same key again returns the same job.

    Never talks to the broker: the sweeper finds the row once the transaction is committed.

    key      what makes the job the same job, e.g. "briefing:12"
    payload  ids only
    """
    job, _created = Job.objects.get_or_create(
        key=key, defaults={"kind": kind, "root": key, "payload": dict(payload)}
    )
    return job


@transaction.atomic
def retry_dead(root: str) -> int:
    """Queue the dead jobs of a chain again; return how many."""
    dead = Job.objects.of(root).dead()
    return dead.update(
        state=Job.State.QUEUED,
        attempts=0,
        run_after=timezone.now(),
        dispatched_at=None,
        error_class="",
        error_message="",
        finished_at=None,
    )


def progress_of(root: str, *, stages: int) -> Progress:
    """Return how far a chain of jobs is, that has `stages` steps one after the other.

    Parts of one step count as one step together; a running job counts by its own progress.
    """
    jobs = list(Job.objects.of(root))
    steps: dict[str, list[Job]] = {}
    for job in jobs:
        steps.setdefault(job.kind, []).append(job)
    shares = [sum(map(_share, parts)) / len(parts) for parts in steps.values()]
    current = next((job for job in jobs if job.state == Job.State.RUNNING), None)
    dead = next((job for job in jobs if job.state == Job.State.DEAD), None)
    is_over = bool(jobs) and all(job.state == Job.State.DONE for job in jobs)
    return Progress(
        share=1.0 if is_over else min(sum(shares) / max(stages, len(steps), 1), 0.99),
        stage=(current.stage or current.kind) if current else "",
        done=current.done if current else 0,
        total=current.total if current else 0,
        is_over=is_over,
        is_dead=dead is not None,
        reason=dead.error_message if dead else "",
    )


def _share(job: Job) -> float:
    if job.state == Job.State.DONE:
        return 1.0
    return job.done / job.total if job.total and job.state == Job.State.RUNNING else 0.0
