"""Ends the web server of `serve` with it: a gunicorn left alone would keep the port for ever.

Given to gunicorn as its configuration, so nothing of Django is imported here.
"""

import os
import signal
import threading
from typing import Any

STARTED_BY = "PLENARY_STARTED_BY"
SECONDS_BETWEEN_LOOKS = 1.0


def when_ready(_server: Any) -> None:
    """Start to watch the process that started this one; gunicorn calls it once, before it forks.

    Its number is told, not asked: where it ended at once, this one has another parent by now.
    """
    parent = int(os.environ[STARTED_BY])
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    looks = threading.Event()
    while os.getppid() == parent:
        looks.wait(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)
