"""What other services ask for: a job in their own transaction; what staff asks for: once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from apps.jobs.models import Job

_ENDED = Count("pk", filter=Q(state=Job.State.DONE))


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


def enqueue(kind: str, *, key: str, payload: Mapping[str, Any]) -> None:
    """Insert a job in the caller's transaction; the same key again changes nothing.

    Never talks to the broker: the sweeper finds the row once the transaction is committed.

    key      what makes the job the same job, e.g. "briefing:12"
    payload  ids only
    """
    enqueue_all(kind, {key: payload})


def enqueue_all(kind: str, payloads: Mapping[str, Mapping[str, Any]]) -> None:
    """Insert a job for each key with its payload, as `enqueue` does for one."""
    jobs = [
        Job(key=key, kind=kind, root=key, payload=dict(payload))
        for key, payload in payloads.items()
    ]
    Job.objects.bulk_create(jobs, ignore_conflicts=True)


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

    Parts of one step count as one step together; a running job counts by its own progress. Three
    queries, however many parts there are.
    """
    jobs = Job.objects.of(root)
    steps = list(jobs.order_by().values("kind").annotate(all=Count("pk"), ended=_ENDED))
    current = None
    running: dict[str, float] = {}
    for job in jobs.running().only("kind", "stage", "done", "total"):
        current = current or job
        running[job.kind] = running.get(job.kind, 0) + (job.done / job.total if job.total else 0)
    dead = jobs.dead().only("error_message").first()
    share = sum((step["ended"] + running.get(step["kind"], 0)) / step["all"] for step in steps)
    is_over = bool(steps) and all(step["ended"] == step["all"] for step in steps)
    return Progress(
        share=1.0 if is_over else min(share / max(stages, len(steps), 1), 0.99),
        stage=(current.stage or current.kind) if current else "",
        done=current.done if current else 0,
        total=current.total if current else 0,
        is_over=is_over,
        is_dead=dead is not None,
        reason=dead.error_message if dead else "",
    )
