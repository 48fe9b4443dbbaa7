"""Serves the site on loopback with a worker beside it: everything in one command."""

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from ipaddress import ip_address
from typing import Any

from django.core.management.base import CommandError

from apps.core.commands import PlainCommand
from apps.jobs import orphans
from apps.jobs.embedded import Worker, start_child

SECONDS_TO_LISTEN = 30.0
SECONDS_TO_CONNECT = 1.0
SECONDS_BETWEEN_LOOKS = 0.1


class Command(PlainCommand):
    help = """Serve the site and run its jobs until stopped with Ctrl-C.
A worker that dies is started again; what it held is offered again."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)"
        )
        parser.add_argument(
            "--port", type=int, default=8000, help="port to listen on (default: 8000)"
        )
        parser.add_argument(
            "--threads", type=int, default=4, help="requests at the same time (default: 4)"
        )

    def handle(self, *args: Any, host: str, port: int, threads: int, **options: Any) -> None:
        if not 0 < port < 65536:
            raise CommandError(f"{port} is not a port; choose one from 1 to 65535.")
        if threads < 1:
            raise CommandError(f"{threads} requests at the same time are too few; give 1 or more.")
        _require_free(host, port)
        for ending in (signal.SIGTERM, signal.SIGHUP):  # SIGHUP: its terminal was closed
            signal.signal(ending, _interrupt)
        address = _address(host, port)
        # Links in mails begin with it; whoever set an address has a proxy in front.
        os.environ.setdefault("PLENARY_URL", address)
        worker = Worker()
        web = None
        try:
            web = start_child(
                self._web(host, port, threads), **{orphans.STARTED_BY: str(os.getpid())}
            )
            worker.start()
            _wait_until_listening(web, host, port)
            if web.poll() is None:
                self._tell(address)
            self._watch(web, worker)
        except KeyboardInterrupt:
            self.stdout.write("Stopping.")
        finally:
            if web:
                web.terminate()
            worker.stop()
            if web:
                web.wait()

    def _tell(self, address: str) -> None:
        self.stdout.write(f"Plenary is at {address}/ (stop with Ctrl-C)")
        self.stdout.write(f"  workspace  {address}/workspace/")
        self.stdout.write(f"  API        {address}/api/v1/")
        self.stdout.flush()

    def _watch(self, web: "subprocess.Popen[bytes]", worker: Worker) -> None:
        """Start the worker again whenever it dies; end when the web server does."""
        while web.poll() is None:
            time.sleep(1)
            if not worker.is_alive():
                self.stderr.write("The worker ended; starting it again.")
                worker.start()
        raise CommandError(f"The web server ended with code {web.returncode}; see above.")

    def _web(self, host: str, port: int, threads: int) -> list[str]:
        return [
            sys.executable,
            "-m",
            "gunicorn",
            "--config=python:apps.jobs.orphans",
            "--bind",
            _bound(host, port),
            "--workers=1",
            f"--threads={threads}",
            "--log-level=warning",
            "config.wsgi",
        ]


def _bound(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _address(host: str, port: int) -> str:
    """Return where a browser on this machine finds the site: to listen everywhere is no place.

    A passkey belongs to a name, never to an address: browsers refuse one made at 127.0.0.1.
    """
    try:
        address = ip_address(host)
    except ValueError:  # a name
        return f"http://{_bound(host, port)}"
    is_here = address.is_unspecified or host == "127.0.0.1"
    return f"http://{_bound('localhost' if is_here else host, port)}"


def _require_free(host: str, port: int) -> None:
    """Raise CommandError where nothing can listen: before anything is started."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind((host, port))
    except (OSError, UnicodeError) as error:  # UnicodeError: a name of a host that can be none
        why = getattr(error, "strerror", None) or error
        raise CommandError(
            f"Nothing can listen on “{host}”, port {port}: {why}. "
            "Choose another with --port or --host."
        ) from error


def _wait_until_listening(web: "subprocess.Popen[bytes]", host: str, port: int) -> None:
    """Return when the web server takes connections, or has ended, or takes too long to wait for."""
    deadline = time.monotonic() + SECONDS_TO_LISTEN
    while web.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection((host, port), SECONDS_TO_CONNECT).close()
        except OSError:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        else:
            return


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt
