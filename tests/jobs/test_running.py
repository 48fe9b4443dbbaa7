"""A job runs once, is tried again, is given up, and lets others follow."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.jobs import registry
from apps.jobs.executing import LeaseLost, Run, claim, finish, run_job, run_until_idle
from apps.jobs.models import Job
from apps.jobs.services import enqueue, progress_of, retry_dead
from apps.jobs.sweeping import _take

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def handle(monkeypatch):
    """Register handlers for one test only."""
    handlers = dict(registry._handlers)
    monkeypatch.setattr(registry, "_handlers", handlers)
    return registry.handler


@pytest.fixture
def seen(handle):
    calls = []
    handle("test.note")(lambda run: calls.append(run.payload["n"]))
    return calls


def test_the_same_key_gives_the_same_job(seen):
    assert enqueue("test.note", key="k", payload={"n": 1}).pk == (
        enqueue("test.note", key="k", payload={"n": 2}).pk
    )
    run_until_idle("k")
    assert seen == [1]


def test_a_claimed_job_cannot_be_claimed_again(seen):
    job = enqueue("test.note", key="k", payload={"n": 1})
    assert claim(job.pk) is not None
    assert claim(job.pk) is None


def test_a_job_whose_lease_ran_out_is_taken_over_and_the_first_holder_cannot_finish(seen):
    job = enqueue("test.note", key="k", payload={"n": 1})
    first = claim(job.pk)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = claim(job.pk)
    assert second.token > first.token
    effects = []
    with pytest.raises(LeaseLost):
        finish(Run(first), lambda: effects.append("twice"))
    finish(Run(second), lambda: effects.append("once"))
    assert effects == ["once"]


def test_effects_that_fail_leave_the_job_unfinished(handle, settings):
    settings.JOB_BACKOFF_SECONDS = (0, 0)

    def broken():
        Job.objects.create(kind="test.effect", key="effect", root="effect")
        raise ValueError("no")

    handle("test.broken")(lambda run: broken)
    enqueue("test.broken", key="k", payload={})
    run_until_idle("k")
    job = Job.objects.get(key="k")
    assert (job.state, job.attempts, job.error_class) == (State.DEAD, 3, "ValueError")
    assert not Job.objects.filter(key="effect").exists()


def test_a_failed_job_waits_longer_every_time(handle, settings):
    settings.JOB_BACKOFF_SECONDS = (5, 30, 120, 600)
    handle("test.fails")(lambda run: 1 / 0)
    job = enqueue("test.fails", key="k", payload={})
    for wait in settings.JOB_BACKOFF_SECONDS:
        assert run_job(job.pk)
        job.refresh_from_db()
        assert job.state == State.FAILED
        left = (job.run_after - timezone.now()).total_seconds()
        assert wait - 2 < left <= wait
        assert not run_job(job.pk)
        Job.objects.update(run_after=timezone.now())
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DEAD, 5)
    assert job.error_message == "division by zero"


def test_what_waits_for_parts_begins_once_when_all_are_done(handle, seen):
    handle("test.split")(
        lambda run: run.fan_out(
            "test.note", [{"n": n} for n in range(4)], then="test.end", then_payload={"n": 99}
        )
    )
    handle("test.end")(lambda run: seen.append(run.payload["n"]))
    enqueue("test.split", key="k", payload={})
    run_until_idle("k")
    assert sorted(seen[:4]) == [0, 1, 2, 3]
    assert seen[4:] == [99]
    assert progress_of("k", stages=3).is_over


def test_without_parts_what_waits_begins_at_once(handle, seen):
    handle("test.split")(
        lambda run: run.fan_out("test.note", [], then="test.note", then_payload={"n": 7})
    )
    enqueue("test.split", key="k", payload={})
    run_until_idle("k")
    assert seen == [7]


def test_a_part_that_is_given_up_gives_up_what_waits_for_it(handle, settings):
    settings.JOB_BACKOFF_SECONDS = ()
    told = []
    handle("test.split")(
        lambda run: run.fan_out("test.fails", [{}, {}], then="test.end", then_payload={})
    )
    handle("test.fails")(lambda run: 1 / 0)
    handle("test.end", when_dead=lambda payload, why: told.append(why))(lambda run: None)
    enqueue("test.split", key="k", payload={})
    run_until_idle("k")
    assert Job.objects.get(kind="test.end").state == State.DEAD
    assert told == ["division by zero"]
    progress = progress_of("k", stages=3)
    assert progress.is_dead
    assert progress.reason == "division by zero"


def test_dead_jobs_can_be_tried_again(handle, settings):
    settings.JOB_BACKOFF_SECONDS = ()
    working = []
    handle("test.mended")(lambda run: None if working else 1 / 0)
    enqueue("test.mended", key="k", payload={})
    run_until_idle("k")
    assert Job.objects.dead().count() == 1
    working.append(True)
    assert retry_dead("k") == 1
    run_until_idle("k")
    assert Job.objects.get(key="k").state == State.DONE


def test_a_job_that_ends_every_worker_is_given_up(handle, settings):
    settings.JOB_BACKOFF_SECONDS = (0,)
    handle("test.deadly")(lambda run: None)
    job = enqueue("test.deadly", key="k", payload={})
    Job.objects.update(attempts=2)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_class) == (State.DEAD, "WorkerLost")


def test_a_kind_without_a_handler_is_recorded_as_an_error(settings):
    settings.JOB_BACKOFF_SECONDS = (60,)
    job = enqueue("test.unknown", key="k", payload={})
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "test.unknown" in job.error_message


def test_a_due_job_is_offered_once_and_again_after_ten_seconds(seen):
    job = enqueue("test.note", key="k", payload={"n": 1})
    assert _take() == [job.pk]
    assert _take() == []
    Job.objects.update(dispatched_at=timezone.now() - timedelta(seconds=11))
    assert _take() == [job.pk]


def test_a_kind_has_one_handler(handle):
    handle("test.twice")(lambda run: None)
    with pytest.raises(ValueError, match=r"test\.twice"):
        handle("test.twice")(lambda run: None)
