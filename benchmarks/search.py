"""Search over 100,000 submissions with four texts each, for each kind of word, on both databases.

Makes a database of its own on each, asks the pages and the API as a reader does, of one
consultation and of all, and drops it.
"""

import csv
import getpass
import gzip
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from measure import report  # noqa: E402
from web_data import make_consultation  # noqa: E402

DATA = Path(os.environ.get("PLENARY_SHARED_DATA", ROOT.parent / "shared" / "data"))
COMMENTS = DATA / "us-cms-2022-0163" / "comments.csv.gz"
DATABASE = "plenary_bench_search"
SERVER = os.environ.get(
    "PLENARY_BENCH_SERVER", f"postgresql://{getpass.getuser()}@127.0.0.1:5432/postgres"
)
SUBMISSIONS = 100_000
CHUNK = 5_000
WORDS_PER_TEXT = 120
ROUNDS = 5
LONGEST = 300  # ms, median for one kind of word
P95 = 200  # ms over everything that was asked
NEXT = re.compile(r'rel="next" href="[^"]*after=([^"&]+)')
# Every n-th submission, counted from the newest, says this as well.
SAID: dict[str, tuple[int, int]] = {
    "A Zeppelin passed.": (5003, 7),
    "It was said by one in fifty.": (50, 11),
    "It was said by one in ten: tenfold.": (10, 2),
    "应当建立独立的监管机构，并公布其报告。": (997, 3),
    "Die Überprüfung der Rechenkapazität gemäß der STRASSENORDNUNG.": (1009, 4),
    r"It grows by 73% in file_name C:\Temp.": (2003, 9),
    "The XQ act": (307, 2),
}
ASKED = {
    "frequent word": "provider",
    "one in ten": "tenfold",
    "one in fifty": "fifty",
    "rare word": "zeppelin",
    "word nobody used": "quagga",
    "nobody used, of frequent parts": "nationing",
    "two frequent words": "provider directory",
    "frequent and rare word": "provider zeppelin",
    "old campaign": "formerly",
    "new campaign": "recently-begun",
    "two Chinese characters": "监管",
    "Chinese substring": "独立的监管机构",
    "short word": "xq",
    "with %": "73%",
    "with _": "file_name",
    "with backslash": "c:\\temp",
    "word and a sign alone": "zeppelin ¬",
    "German, umlaut": "ÜBERPRÜFUNG",
    "German, sharp s": "straßenordnung",
}


def main() -> int:
    if not COMMENTS.exists():
        print(f"skipped: {COMMENTS} is not there; set PLENARY_SHARED_DATA")
        return 0
    with tempfile.TemporaryDirectory(prefix="plenary-bench-") as folder:
        return _run("sqlite", folder) or _on_postgresql(folder)


def _on_postgresql(folder: str) -> int:
    import psycopg

    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        print(f"skipped: PostgreSQL does not answer at {SERVER.rpartition('@')[2]}: {error}")
        return 0
    with server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
        try:
            return _run("postgresql", folder)
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def _run(kind: str, folder: str) -> int:
    """Fill and ask in a process of its own: settings are read once per process."""
    url = SERVER.rpartition("/")[0] + f"/{DATABASE}" if kind == "postgresql" else ""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "web_settings",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(HERE))),
        "PLENARY_DATA_DIR": folder,
        "PLENARY_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, __file__, "--here"]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def fill_and_ask() -> int:
    from django.core.management import call_command
    from django.db import connection

    import config.wsgi  # noqa: F401  loads the program as a server does

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    fill(make_consultation())
    print(f"{connection.vendor}: filled in {time.perf_counter() - started:.0f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")
    return ask()


def fill(consultation: Any) -> None:
    """Insert submissions as an import does, the newest first."""
    from django.db import transaction

    from apps.submissions import vocabulary
    from apps.submissions.models import Submission

    places = list(consultation.questions.order_by("position")[:3].values_list("pk", flat=True))
    pool, chance = list(_texts()), random.Random(20260501)
    for first in range(0, SUBMISSIONS, CHUNK):
        with transaction.atomic():
            _insert(consultation, places, range(first, first + CHUNK), pool=pool, chance=chance)
            rows = Submission.objects.filter(reference__gte=f"B-{first:07}").order_by("id")
            vocabulary.write(list(rows.values_list("pk", flat=True)))


def _insert(
    consultation: Any, places: list[int], numbers: range, *, pool: list[str], chance: random.Random
) -> None:
    from django.db import connection
    from django.utils import timezone

    from apps.submissions.importing.loading import ANSWER_COLUMNS, SUBMISSION_COLUMNS
    from apps.submissions.inserting import insert
    from apps.submissions.models import Answer, Submission

    moment, now = connection.ops.adapt_datetimefield_value, timezone.now()
    fixed = ("", "Comment", "en", "US", 1, 0, "")
    submissions = [
        (consultation.pk, f"B-{n:07}", "submitted", "import", f"Organisation {n % 900}", "company")
        + fixed
        + (moment(now - timedelta(seconds=7 * n)), True, moment(now), moment(now))
        for n in numbers
    ]
    insert(Submission, SUBMISSION_COLUMNS, submissions)
    there = Submission.objects.filter(reference__gte=f"B-{numbers[0]:07}").order_by("reference")
    answers = []
    for n, pk in zip(numbers, there.values_list("pk", flat=True), strict=True):
        texts = [chance.choice(pool) for _place in range(4)]
        texts[1] += f" {_said(n)}"
        at = [(place, 1) for place in places] + [(places[0], 2)]
        answers += [(pk, *at[k], text, "", None) for k, text in enumerate(texts)]
    insert(Answer, ANSWER_COLUMNS, answers)


def _said(n: int) -> str:
    words = [text for text, (every, rest) in SAID.items() if n % every == rest]
    if n >= SUBMISSIONS * 4 // 5:
        words.append("Formerly.")
    if n < SUBMISSIONS // 5:
        words.append("Recently-begun.")
    return " ".join(words)


def _texts() -> Iterator[str]:
    csv.field_size_limit(10**8)
    with gzip.open(COMMENTS, "rt", encoding="utf-8", newline="") as lines:
        texts = {row["text"].replace("\0", "") for row in csv.DictReader(lines)}
    for text in sorted(texts):
        words = text.split()
        for start in range(0, len(words) - WORDS_PER_TEXT // 2, WORDS_PER_TEXT):
            yield " ".join(words[start : start + WORDS_PER_TEXT])


def ask() -> int:
    from django.db import connection

    reached, all_times = [], []
    for kind, words in ASKED.items():
        times = _asked(words)
        took = {name: statistics.median(taken) for name, taken in times.items()}
        all_times += [ms for taken in times.values() for ms in taken]
        split = ", ".join(f"{name} {ms:.0f}" for name, ms in took.items())
        name = f"{connection.vendor}: {kind} ({split})"
        reached.append(report(name, max(took.values()), LONGEST, unit="ms"))
    p95 = statistics.quantiles(all_times, n=20)[-1]
    reached.append(report(f"{connection.vendor}: p95 of all that was asked", p95, P95, unit="ms"))
    return 0 if all(reached) else 1


def _asked(words: str) -> dict[str, list[float]]:
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    page, api = "/consultations/bench/submissions/", "/api/v1/consultations/bench/submissions/"
    ways = {"page": page, "API": api, "everywhere": "/search/", "its API": "/api/v1/search/"}
    times: dict[str, list[float]] = {name: [] for name in (*ways, "next", "next everywhere")}
    for _round in range(ROUNDS):
        for name, path in ways.items():
            answer = _timed(client, path, times[name], q=words)
            after = NEXT.search(answer.text) if "API" not in name else None
            if after:
                then = "next" if name == "page" else "next everywhere"
                _timed(client, path, times[then], q=words, after=after[1])
    return {name: taken for name, taken in times.items() if taken}


def _timed(client: Any, path: str, taken: list[float], **query: str) -> Any:
    started = time.perf_counter()
    answer = client.get(path, query)
    taken.append((time.perf_counter() - started) * 1000)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return answer


if __name__ == "__main__":
    sys.exit(fill_and_ask() if sys.argv[1:] == ["--here"] else main())
