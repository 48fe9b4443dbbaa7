"""The worker inside `serve`: a real Celery worker with its own beat, as a child process."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

SECONDS_TO_STOP = 15


class Worker:
    """A child process that runs jobs; start it again when it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the worker; it ends with this process group."""
        # -B lets beat live in the worker: one child process, one thing to stop.
        self._process = subprocess.Popen(  # noqa: S603 - a fixed command line
            [
                sys.executable,
                "-m",
                "celery",
                "-A",
                "config",
                "worker",
                "--pool=threads",
                "--concurrency=2",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
                "--loglevel=WARNING",
                "-B",
                "--schedule",
                str(Path(settings.DATA_DIR) / "beat"),
            ],
            cwd=settings.BASE_DIR,
            env={**os.environ, "PLENARY_DATA_DIR": str(settings.DATA_DIR)},
        )

    def is_alive(self) -> bool:
        """Return whether the child runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End the child: kindly first, then for good; what it held is offered again later."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
