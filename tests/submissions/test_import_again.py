"""However often an import is killed and started again: the same rows, none twice."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from apps.submissions.importing.loading import Loader
from apps.submissions.importing.records import Record
from apps.submissions.models import Answer, GroupTally, Passage, Submission
from tests.factories import ConsultationFactory
from tests.submissions.import_files import csv_file, jsonl_file, rejected, take_in, texts

ROOT = Path(__file__).resolve().parents[2]
KILLS = 4
SENDERS = 2_000
EVERYTHING = """
    SELECT s.reference, q.key, a.number, a.text, p.start, p."end", p.fingerprint
    FROM submissions_submission s
    LEFT JOIN submissions_answer a ON a.submission_id = s.id
    LEFT JOIN consultations_question q ON q.id = a.question_id
    LEFT JOIN submissions_passage p ON p.answer_id = a.id
    ORDER BY s.reference, q.key, a.number, p.start
"""
TALLIES = """
    SELECT t."group", q.key, t.submissions, t.letters FROM submissions_grouptally t
    LEFT JOIN consultations_question q ON q.id = t.question_id ORDER BY 1, 2
"""


@pytest.fixture
def consultation_of_letters(db):
    return ConsultationFactory(slug="letters")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", [["reference", "text"], ["text"], ["reference", "question", "text"]]
)
def test_the_same_file_twice_adds_nothing_and_says_so(tmp_path, header):
    rows = [[f"{name} {n % 40}." for name in header] for n in range(60)]
    file = csv_file(tmp_path / "a.csv", header, *rows)
    take_in(file)
    first, counted = texts(), list(GroupTally.objects.order_by("id").values_list())
    said = take_in(file)
    assert "Added 0 submissions with 0 texts." in said
    assert "Already there, left as they are: 60 rows." in said
    assert texts() == first
    assert list(GroupTally.objects.order_by("id").values_list()) == counted


@pytest.mark.django_db
def test_a_file_that_grew_adds_what_is_new(tmp_path):
    take_in(csv_file(tmp_path / "a.csv", ["text"], ["One."], ["Two."]))
    take_in(csv_file(tmp_path / "b.csv", ["text"], ["Three."], ["One."], ["Two."], ["Two."]))
    assert sorted(t for (t,) in texts().values()) == ["One.", "Three.", "Two.", "Two."]


@pytest.mark.django_db
def test_a_changed_text_under_a_known_reference_is_rejected(tmp_path):
    take_in(
        jsonl_file(tmp_path / "a.jsonl", {"reference": "1", "text": "One."}), file_format="jsonl"
    )
    file = jsonl_file(
        tmp_path / "b.jsonl", {"reference": "1", "text": "Uno."}, {"reference": "2", "text": "Two."}
    )
    take_in(file, file_format="jsonl")
    assert texts() == {"1": ["One."], "2": ["Two."]}
    assert rejected(file) == [(1, "1", "this reference is there already, with another text")]


@pytest.mark.django_db
def test_two_loaders_at_once_make_a_question_once(consultation_of_letters):
    options = {"has_questions": True, "digest": "", "reject": pytest.fail}
    first, second = (Loader(consultation_of_letters, **options) for _ in range(2))
    for loader in (first, second):
        for line, (reference, question) in enumerate([("1", ""), ("2", "Why?"), ("3", "why")]):
            loader.add(Record(line, text="Words.", reference=reference, question=question))
        loader.flush()
    assert (first.outcome.texts, second.outcome.texts) == (3, 0)
    assert sorted(consultation_of_letters.questions.values_list("text", flat=True)) == [
        "Comment",
        "Why?",
    ]


@pytest.mark.django_db
def test_a_chunk_that_fails_leaves_nothing_half(tmp_path, monkeypatch):
    file = csv_file(tmp_path / "a.csv", ["text"], ["One. And more."], ["Two."])

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("apps.submissions.tallies.add_to_group", fail)
    with pytest.raises(RuntimeError):
        take_in(file)
    assert not Submission.objects.exists()
    assert not Answer.objects.exists()
    assert not Passage.objects.exists()


@pytest.mark.faults
@pytest.mark.own_database
def test_an_import_killed_at_random_points_ends_with_the_same_rows(tmp_path):
    file = csv_file(tmp_path / "letters.csv", ["reference", "question", "text"], *_letters())
    clean, killed = tmp_path / "clean", tmp_path / "killed"
    _prepare(clean)
    shutil.copytree(clean, killed)
    started = time.monotonic()
    assert _start(clean, file).wait() == 0
    whole = time.monotonic() - started
    chance = random.Random(4)
    survived = []
    for _kill in range(KILLS):
        process = _start(killed, file)
        time.sleep(whole * chance.uniform(0.25, 0.95))
        process.send_signal(signal.SIGKILL)
        process.wait()
        survived.append(_count(killed))
    assert _start(killed, file).wait() == 0
    assert survived == sorted(survived)
    assert _everything(killed) == _everything(clean)
    assert _count(clean) == SENDERS


def _letters():
    """Yield four rows of each sender, far apart in the file, some to the same question."""
    for n in range(4 * SENDERS):
        text = f"Letter {n} of many. It asks for more time! Who pays for it?"
        yield [f"S{n % SENDERS}", f"Q{n % 7}", text]


def _environment(data_dir):
    return {
        **os.environ,
        "PLENARY_DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": "",
    }


def _prepare(data_dir):
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=_environment(data_dir),
        check=True,
    )


def _start(data_dir, file):
    command = ["import_submissions", "letters", str(file), "--format=csv", "--create=Letters"]
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=_environment(data_dir),
        stdout=subprocess.DEVNULL,
    )


def _rows(data_dir, query):
    database = sqlite3.connect(data_dir / "plenary.sqlite3")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def _count(data_dir):
    return _rows(data_dir, "SELECT count(*) FROM submissions_submission")[0][0]


def _everything(data_dir):
    return _rows(data_dir, EVERYTHING), _rows(data_dir, TALLIES)
