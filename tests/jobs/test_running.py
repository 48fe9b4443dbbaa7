"""A job runs once, is tried again, is given up, and lets others follow."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.jobs import registry, services
from apps.jobs.executing import LeaseLost, Run, claim, finish, run_job, run_until_idle
from apps.jobs.models import Job
from apps.jobs.services import progress_of, retry_dead
from apps.jobs.sweeping import offer_new, sweep

pytestmark = pytest.mark.django_db
State = Job.State


def enqueue(kind, *, key, payload):
    """Enqueue and return the row."""
    services.enqueue(kind, key=key, payload=payload)
    return Job.objects.get(key=key)


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


@pytest.fixture
def published(monkeypatch):
    """The ids that were sent to the broker."""
    job_ids = []
    monkeypatch.setattr(
        "celery.Celery.send_task", lambda app, name, args, **options: job_ids.extend(args)
    )
    return job_ids


def test_the_same_key_gives_the_same_job(seen):
    first = enqueue("test.note", key="k", payload={"n": 1})
    assert enqueue("test.note", key="k", payload={"n": 2}).pk == first.pk
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


def test_a_due_job_is_offered_once_and_again_after_ten_seconds(seen, published):
    job = enqueue("test.note", key="k", payload={"n": 1})
    assert (sweep(), sweep()) == (1, 0)
    Job.objects.update(dispatched_at=timezone.now() - timedelta(seconds=11))
    assert offer_new() == 0
    assert sweep() == 1
    assert published == [job.pk, job.pk]


def test_a_worker_offers_what_nobody_was_offered_yet(seen, published):
    job = enqueue("test.note", key="k", payload={"n": 1})
    assert (offer_new(), offer_new()) == (1, 0)
    assert published == [job.pk]


def test_jobs_wait_where_the_broker_is_away(seen, monkeypatch):
    def away(*args, **options):
        raise OperationalError("no answer")

    job = enqueue("test.note", key="k", payload={"n": 1})
    with monkeypatch.context() as patch:
        patch.setattr("celery.Celery.send_task", away)
        assert sweep() == 0
    job.refresh_from_db()
    assert (job.state, job.dispatched_at) == (State.QUEUED, None)


def test_a_kind_has_one_handler(handle):
    handle("test.twice")(lambda run: None)
    with pytest.raises(ValueError, match=r"test\.twice"):
        handle("test.twice")(lambda run: None)


def test_what_follows_a_part_takes_its_place(handle, seen):
    handle("test.split")(
        lambda run: run.fan_out(
            "test.nested", [{"n": 1}, {"n": 2}], then="test.note", then_payload={"n": "end"}
        )
    )
    handle("test.nested")(
        lambda run: run.fan_out(
            "test.note", [{"n": run.payload["n"]}] * 2, then="test.next", then_payload={}
        )
    )
    handle("test.next")(lambda run: run.follow("test.note", {"n": "last of part"}))
    enqueue("test.split", key="k", payload={})
    run_until_idle("k")
    assert seen[-1] == "end"
    assert sorted(seen[:-1], key=str) == [1, 1, 2, 2, "last of part", "last of part"]


def test_two_follow_ups_of_one_kind_both_run(handle, seen):
    def split(run):
        run.follow("test.note", {"n": 1})
        run.follow("test.note", {"n": 2})

    handle("test.split")(split)
    enqueue("test.split", key="k", payload={})
    run_until_idle("k")
    assert seen == [1, 2]


def test_a_long_chain_of_jobs_keeps_short_keys(handle):
    def again(run):
        if run.payload["left"]:
            run.follow("test.again", {"left": run.payload["left"] - 1})

    handle("test.again")(again)
    enqueue("test.again", key="k" * 200, payload={"left": 30})
    run_until_idle("k" * 200)
    assert Job.objects.filter(state=State.DONE).count() == 31


def test_a_kind_without_a_handler_is_given_up_in_the_end(settings):
    settings.JOB_BACKOFF_SECONDS = ()
    enqueue("test.unknown", key="k", payload={})
    run_until_idle("k")
    assert Job.objects.get().state == State.DEAD


def test_a_job_is_given_up_even_where_its_handler_cannot_be_told(handle, settings):
    settings.JOB_BACKOFF_SECONDS = ()

    def broken(payload, why):
        Job.objects.create(kind="test.effect", key="effect", root="effect")
        raise ValueError("no")

    handle("test.fails", when_dead=broken)(lambda run: 1 / 0)
    enqueue("test.fails", key="k", payload={})
    run_until_idle("k")
    assert Job.objects.get().state == State.DEAD


def test_a_part_tried_again_brings_what_waits_for_it_back(handle, seen, settings):
    settings.JOB_BACKOFF_SECONDS = ()
    mended = []
    handle("test.split")(
        lambda run: run.fan_out("test.part", [{}] * 3, then="test.note", then_payload={"n": 1})
    )
    handle("test.part")(lambda run: None if mended else 1 / 0)
    enqueue("test.split", key="k", payload={})
    run_until_idle("k")
    mended.append(True)
    assert retry_dead("k") == 4
    run_until_idle("k")
    assert seen == [1]


def test_a_job_interrupted_by_its_process_is_given_back(handle):
    def interrupted(run):
        raise KeyboardInterrupt

    handle("test.interrupted")(interrupted)
    job = enqueue("test.interrupted", key="k", payload={})
    with pytest.raises(KeyboardInterrupt):
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.QUEUED, 0)
    assert list(Job.objects.due()) == [job]


def test_progress_never_goes_back_within_a_stage(handle):
    shown = []

    def work(run):
        for done in (10, 5, 10, 7):
            run.progress(done, 10, "reading")
            shown.append(Job.objects.values_list("done", "stage").get())
        run.progress(0, 10, "writing")
        shown.append(Job.objects.values_list("done", "stage").get())

    handle("test.shows")(work)
    enqueue("test.shows", key="k", payload={})
    run_until_idle("k")
    assert shown == [(10, "reading")] * 4 + [(0, "writing")]


def test_work_ends_when_somebody_else_has_taken_the_job_over(handle):
    reached = []

    def work(run):
        Job.objects.update(token=run.job.token + 1)
        run.progress(1, 2, "half")
        reached.append("the rest")

    handle("test.lost")(work)
    job = enqueue("test.lost", key="k", payload={})
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == State.RUNNING
    assert reached == []


def test_the_watcher_sees_progress_inside_a_job(handle):
    seen_stages = []
    handle("test.shows")(lambda run: run.progress(1, 4, "reading"))
    enqueue("test.shows", key="k", payload={})
    run_until_idle("k", watch=lambda: seen_stages.append(progress_of("k", stages=2).share))
    assert seen_stages == [0.125, 1.0]


def test_only_so_many_jobs_are_on_offer_at_a_time(seen, published, settings):
    settings.JOB_MOST_OFFERED = 2
    jobs = [enqueue("test.note", key=f"k{n}", payload={"n": n}).pk for n in range(3)]
    assert (sweep(), sweep()) == (2, 0)
    run_job(jobs[0])
    assert sweep() == 1
    assert published == jobs


def test_a_taken_job_is_offered_again_as_soon_as_its_lease_has_ended(seen, published):
    job = enqueue("test.note", key="k", payload={"n": 1})
    sweep()
    claim(job.pk)
    assert sweep() == 0
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sweep() == 1
    assert published == [job.pk, job.pk]


def test_the_sweeper_reads_an_index_and_not_what_was_ever_done():
    if connection.vendor == "postgresql":  # it would rather read a small table from end to end
        connection.cursor().execute("SET LOCAL enable_seqscan = off")
    assert "job_unfinished" in Job.objects.due().order_by("run_after", "id").explain()


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": State.RUNNING},
        {"state": State.DONE},
        {"finished_at": timezone.now()},
        {"done": 2, "total": 1},
    ],
)
def test_the_database_refuses_a_job_that_contradicts_itself(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="test.wrong", key="k", root="k", **wrong)


def test_progress_takes_the_same_queries_however_many_parts(handle, django_assert_num_queries):
    handle("test.split")(
        lambda run: run.fan_out("test.note", [{}] * 50, then="test.end", then_payload={})
    )
    job = enqueue("test.split", key="k", payload={})
    run_job(job.pk)
    with django_assert_num_queries(3):
        assert progress_of("k", stages=3).share == pytest.approx(1 / 3)
