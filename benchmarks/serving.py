"""Starts the product as production does, on a database of its own, for benchmarks under load."""

import getpass
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SERVER = os.environ.get(
    "PLENARY_BENCH_SERVER", f"postgresql://{getpass.getuser()}@127.0.0.1:5432/postgres"
)
BROKER = "redis://127.0.0.1:6379/11"


@contextmanager
def place(database: str, name: str) -> Iterator[dict[str, str]]:
    """Make the database; yield the environment that names it."""
    if database == "sqlite":
        yield {"DATABASE_URL": "", "CELERY_BROKER_URL": ""}
        return
    import psycopg
    import redis

    broker = redis.Redis.from_url(BROKER)
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
        in_use = broker.dbsize()
    except (psycopg.OperationalError, redis.ConnectionError) as error:
        raise SystemExit(f"skipped: PostgreSQL or Redis does not answer: {error}") from error
    if in_use:
        raise SystemExit(f"skipped: {BROKER} is in use")
    with server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield {
                "DATABASE_URL": SERVER.rpartition("/")[0] + f"/{name}",
                "CELERY_BROKER_URL": BROKER,
            }
        finally:
            broker.flushdb()
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def serving(database: str) -> Iterator[tuple[int, int]]:
    """Start web server, worker and clock; yield the port and the web server's process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Processes of one thread: threads wait for each other's turn of the interpreter.
    hands = ["--workers", "4"] if database == "postgresql" else ["--workers", "1", "--threads", "4"]
    web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--preload", *hands]
    web += ["--bind", f"127.0.0.1:{port}", "--log-level", "critical"]
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    beside = [[sys.executable, "manage.py", "work"]]
    if database == "postgresql":
        calm = ["--without-gossip", "--without-mingle", "--loglevel=ERROR", "--concurrency=1"]
        schedule = str(Path(os.environ["PLENARY_DATA_DIR"]) / "beat")
        beside = [
            ["nice", "-n", "19", *celery, "worker", *calm],
            [*celery, "beat", "--schedule", schedule, "--loglevel=ERROR"],
        ]
    started = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in (web, *beside)
    ]
    if database == "postgresql":
        _yield_to_others(started[1])
    try:
        _await(f"http://127.0.0.1:{port}/api/v1/stakeholder-groups/")
        yield port, started[0].pid
    finally:
        _stop(started)


def _stop(started: list[subprocess.Popen[bytes]]) -> None:
    for process in started:
        os.killpg(process.pid, signal.SIGTERM)
    for process in started:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _yield_to_others(process: subprocess.Popen[bytes]) -> None:
    """Let a session have only what others leave, as CPUWeight of its service does.

    Between sessions Linux shares by session: `nice` alone says nothing (sched(7), autogroup).
    """
    group = Path(f"/proc/{process.pid}/autogroup")
    if group.exists():
        group.write_text("19")


def _await(url: str) -> None:
    for _attempt in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{url} does not answer")
