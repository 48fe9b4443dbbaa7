"""Workers are killed and the queue forgets: every part has its effect once, the end comes once."""

import json
import os
import signal

import psycopg
import pytest
import redis

from tests.jobs.installation import Installation

pytestmark = [pytest.mark.faults, pytest.mark.own_database]
PARTS = 40
KILLED_AT = (6, 18, 30)
POSTGRESQL = os.environ.get("PLENARY_DRILL_POSTGRESQL", "postgresql://127.0.0.1:5432")
REDIS = os.environ.get("PLENARY_DRILL_REDIS", "redis://127.0.0.1:6379")
STARTS_A_WORKER_AND_WAITS = """
import django, pathlib, time
django.setup()
from django.conf import settings
from apps.jobs.embedded import Worker
worker = Worker()
ends_at = time.monotonic() + 600
while time.monotonic() < ends_at:
    if not worker.is_alive():
        worker.start()
        (pathlib.Path(settings.DATA_DIR) / "worker.pid").write_text(str(worker.pid))
    time.sleep(0.5)
"""
DATABASE = f"plenary_drill_{os.getpid()}"


@pytest.fixture
def embedded(tmp_path):
    installation = Installation(tmp_path)
    yield installation
    installation.close()


@pytest.fixture
def distributed(tmp_path):
    try:
        server = psycopg.connect(f"{POSTGRESQL}/postgres", autocommit=True, connect_timeout=2)
        number = _empty_redis_database()
    except (psycopg.OperationalError, redis.ConnectionError) as error:
        pytest.skip(f"PostgreSQL and Redis are not both there to be used: {error}")
    server.execute(f"CREATE DATABASE {DATABASE}")
    installation = Installation(
        tmp_path,
        database_url=f"{POSTGRESQL}/{DATABASE}",
        broker_url=f"{REDIS}/{number}",
    )
    yield installation
    installation.close()
    installation.forget_queue()
    server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    server.close()


def _empty_redis_database():
    """Return the number of a database of Redis that nobody uses."""
    for number in range(15, 0, -1):
        if redis.Redis.from_url(f"{REDIS}/{number}", socket_connect_timeout=2).dbsize() == 0:
            return number
    pytest.skip("All databases of Redis are in use")


def assert_everything_happened_once(installation, *, drills=1, parts=PARTS):
    installation.wait_until_finished()
    expected = [
        (f"drill {drill}", what)
        for drill in range(drills)
        for what in ("end", *(f"part {n}" for n in range(parts)))
    ]
    assert sorted(installation.effects()) == sorted(expected)
    states = installation.rows("SELECT DISTINCT state FROM jobs_job")
    assert states == [("done",)]


def assert_jobs_were_cut_off(installation):
    """The kills must have hit something, or the drill would prove nothing."""
    assert installation.rows("SELECT count(*) FROM jobs_job WHERE attempts > 1") > [(0,)]


def test_killed_workers_with_sqlite_and_a_queue_folder(embedded):
    embedded.enqueue(parts=PARTS, seconds=0.2)
    for count in KILLED_AT:
        embedded.start_worker()
        embedded.wait_for_effects(count)
        embedded.kill_worker()
    embedded.start_worker()
    assert_everything_happened_once(embedded)
    assert_jobs_were_cut_off(embedded)
    assert embedded.effects()[-1] == ("drill 0", "end")


@pytest.mark.parametrize("name", ["embedded", "distributed"])
def test_rivals_publish_and_claim_every_job_once(name, request):
    installation = request.getfixturevalue(name)
    installation.enqueue(fan_ins=40)
    won = json.loads(installation.run("manage.py", "compete"))
    assert won == {"published": 40, "claimed": 40}


def test_long_silent_work_keeps_its_lease(embedded):
    embedded.enqueue(parts=2, seconds=5)
    embedded.start_worker()
    embedded.wait_until_finished()
    assert embedded.rows("SELECT DISTINCT attempts FROM jobs_job") == [(1,)]


def test_the_worker_of_serve_ends_with_it_and_leaves_nothing_behind(embedded):
    embedded.enqueue(parts=2, seconds=0.1)
    serve = embedded.start("-c", STARTS_A_WORKER_AND_WAITS)
    embedded.wait_until_finished()
    worker = int((embedded.folder / "worker.pid").read_text())
    os.kill(serve.pid, signal.SIGKILL)
    serve.wait()
    embedded.wait_until_gone(worker)


def test_killed_workers_and_a_forgetful_queue_with_postgresql_and_redis(distributed):
    distributed.enqueue(parts=PARTS, seconds=0.2)
    distributed.start_clock()
    for count in KILLED_AT:
        distributed.start_worker()
        distributed.wait_for_effects(count)
        distributed.kill_worker()
        distributed.forget_queue()
    distributed.start_worker()
    distributed.wait_for_effects(34)
    distributed.forget_queue()
    assert_everything_happened_once(distributed)
    assert_jobs_were_cut_off(distributed)
    assert distributed.effects()[-1] == ("drill 0", "end")
