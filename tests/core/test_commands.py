"""What stops a command is said in one sentence; a traceback never reaches the person who ran it."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.own_database
ROOT = Path(__file__).resolve().parents[2]
LETTERS = "reference,text\n" + "".join(f"{n},Letter {n}.\n" for n in range(3))


def environment(data_dir, **more):
    return {
        **os.environ,
        "PLENARY_DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "DATABASE_URL": "",
        **more,
    }


def run(data_dir, *arguments, stdout=subprocess.PIPE, **more):
    """Run a command of its own process; return it with its output as text."""
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT,
        env=environment(data_dir, **more),
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def submissions(data_dir):
    with contextlib.closing(sqlite3.connect(data_dir / "plenary.sqlite3")) as database:
        return database.execute("SELECT count(*) FROM submissions_submission").fetchone()[0]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("migrated")
    assert run(folder, "migrate", "--verbosity", "0").returncode == 0
    return folder


@pytest.fixture
def installation(migrated, tmp_path):
    """A data folder with an empty database."""
    return shutil.copytree(migrated, tmp_path / "data")


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "letters.csv"
    path.write_text(LETTERS, encoding="utf-8")
    return path


def test_commands_ask_for_the_tables_they_need(tmp_path, letters):
    for command in (
        ["import_submissions", "x", letters, "--format=csv"],
        ["build_briefing", "x"],
        ["serve", "--port=1"],
    ):
        done = run(tmp_path / "new", *command)
        assert done.returncode == 1
        assert "Run “python manage.py migrate” first" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_command_starts_without_the_pages_of_the_site(installation):
    said = run(installation, "serve", "--port=0", PYTHONPROFILEIMPORTTIME="1").stderr
    assert "0 is not a port" in said
    assert "apps.jobs.embedded" in said
    assert "config.urls" not in said


def test_a_database_that_is_none_is_said_to_be(tmp_path):
    (tmp_path / "plenary.sqlite3").write_bytes(b"no database at all" * 999)
    done = run(tmp_path, "build_briefing", "x")
    assert done.returncode == 1
    assert "The database refused: file is not a database" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("folder", "said"), [("", "PLENARY_DATA_DIR is empty"), ("letters.csv", "cannot be made")]
)
def test_a_wrong_data_folder_is_said_and_nothing_is_written(tmp_path, letters, folder, said):
    done = run(tmp_path / folder if folder else "", "build_briefing", "x")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (ROOT / "plenary_secret_key.txt").exists()


def test_output_that_cannot_show_a_character_shows_its_code(installation, letters):
    done = run(
        installation,
        *("import_submissions", "x", letters, "--format=csv", "--create=Letters"),
        PYTHONIOENCODING="ascii",
    )
    assert done.returncode == 0, done.stderr
    assert r"group \u201cother\u201d: 3 submissions" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_said(installation, letters):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = run(
            installation,
            *("import_submissions", "x", letters, "--format=csv", "--create=Letters"),
            stdout=full,
        )
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_says_what_stays_and_the_next_import_adds_the_rest(installation, tmp_path):
    file = tmp_path / "many.csv"
    rows = (f"{n},Letter {n} asks for more time to answer.\n" for n in range(30_000))
    file.write_text("reference,text\n" + "".join(rows), encoding="utf-8")
    command = ["import_submissions", "x", str(file), "--format=csv", "--create=Letters"]
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(installation),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # A test runner in the background hands down a deaf ear for Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while not submissions(installation) and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _out, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Stopped. What was taken in stays" in said
    assert "Traceback" not in said
    assert 0 < submissions(installation) < 30_000
    again = run(installation, *command)
    assert again.returncode == 0
    assert "Already there, left as they are:" in again.stdout
    assert submissions(installation) == 30_000
    assert "Added 0 submissions with 0 texts." in run(installation, *command).stdout


def test_a_step_of_a_briefing_that_fails_is_told_with_its_reason(installation, letters):
    imported = ("import_submissions", "x", letters, "--format=csv", "--create=Letters")
    assert run(installation, *imported).returncode == 0
    (installation / "briefings").write_text("a file where the folder should be")
    for extra in [], ["--traceback"]:
        done = run(installation, "build_briefing", "x", *extra, PLENARY_JOB_BACKOFF_SECONDS="0")
        assert done.returncode == 1
        assert "The briefing was not finished: [Errno 20] Not a directory" in done.stderr
        brief = "attempt 1 failed: [Errno 20] Not a directory"
        assert (brief in done.stderr, "Traceback" in done.stderr) == (not extra, bool(extra))


def test_a_reader_that_went_away_ends_a_command_quietly(installation, letters):
    reader, writer = os.pipe()
    os.close(reader)
    done = run(
        installation,
        *("import_submissions", "x", letters, "--format=csv", "--create=Letters"),
        stdout=writer,
    )
    os.close(writer)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_the_help_names_the_options_of_a_command_before_those_of_all_commands(tmp_path):
    for command, own in (
        ("import_submissions", "--map"),
        ("build_briefing", "--output"),
        ("serve", "--port"),
    ):
        said = run(tmp_path, command, "--help").stdout
        assert 0 < said.index(own) < said.index("--settings")
        assert max(map(len, said.splitlines())) <= 100
