"""An installation of its own for one drill: data folder, database, queue and real processes."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parents[2]
SECONDS_FOR_ALL = 120
WORKER = ["-m", "celery", "-A", "config", "worker", "--concurrency=2", "--loglevel=WARNING"]
CALM = ["--without-gossip", "--without-mingle"]


class Installation:
    """Processes of one installation, and what its database says."""

    def __init__(self, folder, *, database_url="", broker_url=""):
        self.folder, self.database_url, self.broker_url = folder, database_url, broker_url
        self.processes = []
        self.worker = None

    def start(self, *arguments):
        """Start a process in a session of its own: killing it takes its children along."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'tests' / 'jobs'}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "drill.settings",
            "PLENARY_DATA_DIR": str(self.folder),
            "PLENARY_LOG_LEVEL": "WARNING",
            "DATABASE_URL": self.database_url,
            "CELERY_BROKER_URL": self.broker_url,
        }
        with (self.folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=environment,
                start_new_session=True,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def start_worker(self):
        arguments = (*WORKER, *CALM) if self.broker_url else ("manage.py", "work")
        self.worker = self.start(*arguments)
        return self.worker

    def start_clock(self):
        if self.broker_url:
            beat = ["-m", "celery", "-A", "config", "beat", "--loglevel=WARNING"]
            self.start(*beat, "--schedule", str(self.folder / "beat"))

    def enqueue(self, **amounts):
        options = [f"--{name.replace('_', '-')}={n}" for name, n in amounts.items()]
        self.run("manage.py", "drill", *options)

    def run(self, *arguments):
        """Run a process to its end; return what it printed last."""
        assert self.start(*arguments).wait(SECONDS_FOR_ALL) == 0, self.log()
        return self.log().rstrip().rpartition("\n")[2]

    def kill_worker(self):
        self._require_worker()
        worker, self.worker = self.worker, None
        self.kill(worker)

    def kill(self, process):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                self.kill(process)

    def forget_queue(self):
        """Let the broker lose everything it was told; only this drill's own database of it."""
        redis.Redis.from_url(self.broker_url).flushdb()

    def rows(self, query):
        if self.database_url:
            with psycopg.connect(self.database_url) as connection:
                return connection.execute(query).fetchall()
        connection = sqlite3.connect(self.folder / "plenary.sqlite3", timeout=20)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def effects(self):
        return self.rows("SELECT drill, what FROM drill_effect ORDER BY id")

    def wait_for_effects(self, count):
        self._wait(lambda: len(self.effects()) >= count)

    def wait_until_finished(self):
        unfinished = "SELECT count(*) FROM jobs_job WHERE finished_at IS NULL"
        self._wait(lambda: self.rows(unfinished) == [(0,)])

    def wait_until_gone(self, pid):
        self._wait(lambda: not Path(f"/proc/{pid}/cmdline").exists())

    def log(self):
        return (self.folder / "log.txt").read_text()[-4_000:]

    def _wait(self, is_reached):
        ends_at = time.monotonic() + SECONDS_FOR_ALL
        while not is_reached():
            assert time.monotonic() < ends_at, self.log()
            self._require_worker()
            time.sleep(0.05)

    def _require_worker(self):
        """Fail when a worker ended that nobody killed."""
        assert self.worker is None or self.worker.poll() is None, self.log()
