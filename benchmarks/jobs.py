"""Measures jobs per second on SQLite and PostgreSQL; `--drill` kills workers by the dozen."""

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import redis

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.jobs.installation import Installation  # noqa: E402

POSTGRESQL = os.environ.get("PLENARY_DRILL_POSTGRESQL", "postgresql://127.0.0.1:5432")
REDIS = os.environ.get("PLENARY_DRILL_REDIS", "redis://127.0.0.1:6379")
REDIS_NUMBER = 12
PARTS = 500
FAN_INS, PARTS_OF_EACH, SECONDS_OF_EACH = 100, 19, 0.05


@contextlib.contextmanager
def embedded() -> Iterator[Installation]:
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder))
        try:
            yield installation
        finally:
            installation.close()


@contextlib.contextmanager
def distributed() -> Iterator[Installation]:
    name = f"plenary_bench_{os.getpid()}"
    server = psycopg.connect(f"{POSTGRESQL}/postgres", autocommit=True, connect_timeout=2)
    broker = redis.Redis.from_url(f"{REDIS}/{REDIS_NUMBER}", socket_connect_timeout=2)
    if broker.dbsize():
        raise redis.ConnectionError(f"database {REDIS_NUMBER} of Redis is in use")
    server.execute(f"CREATE DATABASE {name}")
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(
            Path(folder),
            database_url=f"{POSTGRESQL}/{name}",
            broker_url=f"{REDIS}/{REDIS_NUMBER}",
        )
        try:
            yield installation
        finally:
            installation.close()
            broker.flushdb()
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
            server.close()


def rate_in_one_process(installation: Installation) -> float:
    """Return claimed and finished jobs per second, all counting down one fan-in: the worst case."""
    installation.enqueue(parts=PARTS, seconds=0)
    measured = json.loads(installation.run("manage.py", "measure"))
    return measured["jobs"] / measured["seconds"]


def rate_through_the_queue(installation: Installation) -> float:
    """Return jobs per second by sweeper, broker and one worker of two slots, once it is warm."""
    installation.enqueue(parts=PARTS, seconds=0)
    installation.start_clock()
    installation.start_worker()
    installation.wait_for_effects(1)
    started_at, before = time.perf_counter(), len(installation.effects())
    installation.wait_until_finished()
    seconds = time.perf_counter() - started_at
    return (len(installation.effects()) - before) / seconds


def drill(installation: Installation, kills: int) -> bool:
    """Kill the worker at random moments; return whether all happened once all the same."""
    installation.enqueue(fan_ins=FAN_INS, parts=PARTS_OF_EACH, seconds=SECONDS_OF_EACH)
    installation.start_clock()
    chance, started_at = random.Random(7), time.perf_counter()
    expected = FAN_INS * (PARTS_OF_EACH + 1)
    killed = 0
    for _ in range(kills):
        installation.start_worker()
        goal = len(installation.effects()) + chance.randint(1, 2 * expected // (kills + 1))
        installation.wait_for_effects(min(goal, expected))
        installation.kill_worker()
        killed += 1
        if goal >= expected:
            break
    installation.start_worker()
    installation.wait_until_finished()
    effects = installation.effects()
    jobs, again = installation.rows(
        "SELECT count(*), sum(CASE WHEN attempts > 1 THEN 1 ELSE 0 END) FROM jobs_job"
    )[0]
    print(
        f"  {jobs} jobs, {killed} workers killed, {again} jobs begun more than once, "
        f"{len(effects)} effects of which {len(set(effects))} differ (expected {expected}), "
        f"{time.perf_counter() - started_at:.0f} s",
        flush=True,
    )
    return len(effects) == len(set(effects)) == expected


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drill", action="store_true", help="kill workers during 2,100 jobs")
    parser.add_argument("--kills", type=int, default=30, help="how many workers (default 30)")
    options = parser.parse_args()
    # Told to end, it still stops its processes and drops its database.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    is_right = True
    for name, installed in (("SQLite, queue folder", embedded), ("PostgreSQL, Redis", distributed)):
        try:
            if options.drill:
                print(f"{name}:", flush=True)
                with installed() as installation:
                    is_right &= drill(installation, options.kills)
                continue
            with installed() as installation:
                alone = rate_in_one_process(installation)
            with installed() as installation:
                queued = rate_through_the_queue(installation)
            print(f"{name:24} {alone:7.0f} jobs/s in one process", flush=True)
            print(f"{name:24} {queued:7.0f} jobs/s through the queue, two slots", flush=True)
        except (psycopg.OperationalError, redis.ConnectionError) as error:
            print(f"{name}: not measured, {error}", flush=True)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
