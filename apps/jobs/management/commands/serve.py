"""Serves the site on loopback with a worker beside it: everything in one command."""

import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.jobs.embedded import Worker


class Command(BaseCommand):
    help = "Serve the site and run its jobs until stopped with Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument("--threads", type=int, default=4, help="requests at the same time")

    def handle(self, *args: Any, host: str, port: int, threads: int, **options: Any) -> None:
        if not 0 < port < 65536:
            raise CommandError(f"{port} is not a port; choose one from 1 to 65535.")
        signal.signal(signal.SIGTERM, _interrupt)
        worker = Worker()
        web = subprocess.Popen(self._web(host, port, threads), cwd=settings.BASE_DIR)  # noqa: S603
        try:
            worker.start()
            self.stdout.write(f"Plenary is at http://{host}:{port}/ (stop with Ctrl-C)")
            self.stdout.write(f"  workspace  http://{host}:{port}/workspace/")
            self.stdout.write(f"  API        http://{host}:{port}/api/v1/docs/")
            self.stdout.flush()
            self._watch(web, worker)
        except KeyboardInterrupt:
            self.stdout.write("Stopping.")
        finally:
            web.terminate()
            worker.stop()
            web.wait()

    def _watch(self, web: "subprocess.Popen[bytes]", worker: Worker) -> None:
        """Start the worker again whenever it dies; end when the web server does."""
        while web.poll() is None:
            time.sleep(1)
            if not worker.is_alive():
                self.stderr.write("The worker ended; starting it again.")
                worker.start()
        raise CommandError(f"The web server ended with code {web.returncode}. Is the port taken?")

    def _web(self, host: str, port: int, threads: int) -> list[str]:
        return [
            sys.executable,
            "-m",
            "gunicorn",
            "--bind",
            f"{host}:{port}",
            "--workers=1",
            f"--threads={threads}",
            "--log-level=warning",
            "config.wsgi",
        ]


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt
