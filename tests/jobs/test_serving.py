"""`serve`: one command that starts everything, says where it is, and leaves nothing behind."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = [pytest.mark.faults, pytest.mark.own_database]
ROOT = Path(__file__).resolve().parents[2]
SECONDS = 40
SECONDS_TO_MIGRATE = 180  # all migrations at once, on a slow machine


def _hear_ctrl_c():
    # A shell that starts the tests in the background lets all they start ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Site:
    """A data folder of its own, and what is started on it in a session of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []

    def manage(self, *arguments, **environment):
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={
                **os.environ,
                "PLENARY_DATA_DIR": str(self.folder),
                "DJANGO_SETTINGS_MODULE": "config.settings.local",
                "DATABASE_URL": "",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
            preexec_fn=_hear_ctrl_c,
        )
        self.processes.append(process)
        return process

    def serve(self, port, **environment):
        """Start `serve` and return it when it says that it is there."""
        process = self.manage("serve", f"--port={port}", **environment)
        assert process.stdout.readline() == (
            f"Plenary is at http://localhost:{port}/ (stop with Ctrl-C)\n"
        )
        return process

    def left(self):
        """Return the processes that work on this folder."""
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdecimal() and str(self.folder) in (entry / "environ").read_text():
                    found.append((entry.name, (entry / "cmdline").read_text().split("\0")))
        return found

    def told(self, name):
        """Return what a variable says in the processes that `serve` started."""
        found = set()
        for pid, command in self.left():
            if "serve" not in command:
                entries = Path(f"/proc/{pid}/environ").read_text().split("\0")
                found.add(dict(one.partition("=")[::2] for one in entries).get(name))
        return found

    def wait_until_nothing_is_left(self):
        until = time.monotonic() + SECONDS
        while self.left() and time.monotonic() < until:
            time.sleep(0.1)
        assert self.left() == []


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A data folder with an empty database, made once."""
    folder = tmp_path_factory.mktemp("migrated")
    assert Site(folder).manage("migrate", "--verbosity=0").wait(SECONDS_TO_MIGRATE) == 0
    return folder


@pytest.fixture
def site(migrated, tmp_path):
    if not Path("/proc/self/environ").exists():
        pytest.skip("processes are looked up in /proc")
    site = Site(Path(shutil.copytree(migrated, tmp_path / "data")))
    yield site
    for process in site.processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.mark.parametrize(
    "ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda s: s.name
)
def test_however_it_ends_no_process_stays(site, port, ending):
    serve = site.serve(port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:  # noqa: S310
        assert page.status == 200
    assert len(site.left()) == 4  # the command, its worker, gunicorn and its own worker
    serve.send_signal(ending)
    out, said = serve.communicate(timeout=SECONDS)
    site.wait_until_nothing_is_left()
    assert "Traceback" not in said
    if ending != signal.SIGKILL:
        assert serve.returncode == 0
        assert "Stopping." in out


def test_links_in_mails_lead_to_the_port_it_serves(site, port):
    site.serve(port)
    assert site.told("PLENARY_URL") == {f"http://localhost:{port}"}


def test_links_in_mails_lead_to_the_address_that_was_set(site, port):
    site.serve(port, PLENARY_URL="https://plenary.example.org")
    assert site.told("PLENARY_URL") == {"https://plenary.example.org"}


def test_ctrl_c_of_a_terminal_reaches_all_of_them_and_is_no_error(site, port):
    serve = site.serve(port)
    os.killpg(serve.pid, signal.SIGINT)
    _out, said = serve.communicate(timeout=SECONDS)
    site.wait_until_nothing_is_left()
    assert (serve.returncode, "Traceback" in said) == (0, False)


def test_a_port_that_is_taken_is_said_before_anything_starts(site, port):
    first = site.serve(port)
    second = site.manage("serve", f"--port={port}")
    out, said = second.communicate(timeout=SECONDS)
    assert second.returncode == 1
    assert "Plenary is at" not in out
    assert "Address already in use. Choose another with --port" in said
    assert first.poll() is None


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--port=0", "0 is not a port; choose one from 1 to 65535"),
        ("--port=65536", "65536 is not a port"),
        ("--threads=0", "give 1 or more"),
        ("--host=999.1.1.1", "Nothing can listen on “999.1.1.1”"),
        ("--host=no..name", "Nothing can listen on “no..name”"),
        ("--host=192.0.2.1", "Cannot assign requested address"),
    ],
)
def test_what_cannot_be_listened_on_is_said(site, option, said):
    serve = site.manage("serve", "--port=8799", option)
    out, error = serve.communicate(timeout=SECONDS)
    assert (serve.returncode, out) == (1, "")
    assert said in error
    assert "Traceback" not in error


def test_two_on_one_folder_do_not_disturb_each_other(site, port, tmp_path):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        other_port = one.getsockname()[1]
    first, second = site.serve(port), site.serve(other_port)
    texts = tmp_path / "texts.csv"
    rows = (f"Number {n} says that the monitoring body must publish it.\n" for n in range(300))
    texts.write_text("text\n" + "".join(rows), encoding="utf-8")
    command = ("import_submissions", "x", str(texts), "--format=csv", "--create=Words")
    assert site.manage(*command).wait(SECONDS) == 0
    builds = [site.manage("build_briefing", "x") for _ in range(2)]
    said = [build.communicate(timeout=2 * SECONDS) for build in builds]
    assert [build.returncode for build in builds] == [0, 0], said
    assert {line for out, _e in said for line in out.splitlines() if "is ready" in line} == {
        f"Version {n} is ready: /consultations/x/briefings/{n}/" for n in (1, 2)
    }
    for serve in (first, second):
        serve.terminate()
        assert serve.wait(SECONDS) == 0
        assert "Traceback" not in serve.stderr.read()
    site.wait_until_nothing_is_left()


def test_serve_killed_before_its_worker_has_begun_leaves_nothing(site, port):
    serve = site.manage("serve", f"--port={port}")
    until = time.monotonic() + SECONDS
    while len(site.left()) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    serve.kill()
    serve.communicate(timeout=SECONDS)
    site.wait_until_nothing_is_left()
