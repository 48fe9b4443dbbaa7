"""The worker inside `serve`: a real Celery worker with its clock, in one child process."""

import logging
import os
import signal
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from typing import cast

from celery import current_app
from celery.beat import EmbeddedService, Scheduler
from celery.exceptions import SecurityWarning
from django.conf import settings

LESS_URGENT = 10
SECONDS_TO_STOP = 15
SECONDS_BETWEEN_LOOKS = 1.0


def start_child(command: list[str], **environment: str) -> "subprocess.Popen[bytes]":
    """Start a program that does not hear Ctrl-C before it can do something about it.

    A terminal sends it to all of them; whoever is still loading then would end with a traceback.
    The command that started them ends them itself.
    """
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.Popen(  # noqa: S603 - a fixed command line
            command, cwd=settings.BASE_DIR, env={**os.environ, **environment}
        )
    finally:
        signal.signal(signal.SIGINT, heard)


class Worker:
    """A child process that runs jobs; start it again when it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The child, where one was started."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the worker; it stops with this process, also when this process is killed."""
        manage = str(Path(settings.BASE_DIR) / "manage.py")
        # Told, not asked: where this process ends at once, the child would find another parent.
        command = [sys.executable, manage, "work", f"--until-ends={os.getpid()}"]
        self._process = start_child(command, PLENARY_DATA_DIR=str(settings.DATA_DIR))

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


def work(*, concurrency: int, parent: int | None) -> int:
    """Run jobs in this process until told to stop by a signal; return the exit code.

    parent  process to end with, None to run on
    The clock that sweeps is a thread here and not Celery's `-B`, whose own process outlives a
    worker that is killed.
    """
    # A sweep every second is no news; a sender without a host name is how a queue folder looks.
    logging.getLogger("celery").setLevel(logging.WARNING)
    logging.getLogger("kombu.connection").setLevel(logging.ERROR)
    # Celery warns an administrator of pickled messages; ours are JSON and nothing else.
    warnings.simplefilter("ignore", SecurityWarning)
    clock = cast(
        threading.Thread, EmbeddedService(current_app, thread=True, scheduler_cls=Scheduler)
    )
    clock.daemon = True
    clock.start()
    threading.Thread(target=_stop_when_alone, args=(clock, parent), daemon=True).start()
    worker = current_app.Worker(
        pool="threads",
        concurrency=concurrency,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    # People wait for the web server, jobs wait for nobody.
    os.nice(LESS_URGENT)
    worker.start()
    return int(worker.exitcode or 0)


def _stop_when_alone(clock: threading.Thread, parent: int | None) -> None:
    """End this process kindly when its clock has died or the process that started it is gone."""
    looks = threading.Event()
    while clock.is_alive() and (parent is None or os.getppid() == parent):
        looks.wait(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)
