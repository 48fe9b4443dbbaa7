"""CPU time per request of application and database, on PostgreSQL under gunicorn.

Makes its own database `plenary_bench`, starts gunicorn with two workers, sends requests with a
bounded load generator and reads the CPU time of both process groups before and after. Everything
it starts it stops; the database is dropped at the end.
"""

import getpass
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from measure import report  # noqa: E402
from web_data import fill, make_consultation, make_texts  # noqa: E402

DATABASE = "plenary_bench"
SERVER = os.environ.get(
    "PLENARY_BENCH_SERVER", f"postgresql://{getpass.getuser()}@127.0.0.1:5432/postgres"
)
DATA = Path(os.environ.get("PLENARY_SHARED_DATA", ROOT.parent / "shared" / "data"))
LOAD = Path(os.environ.get("PLENARY_LOAD_GENERATOR", DATA.parent / "tools" / "load.py"))
SIZES = (10_000, 100_000)
ROUNDS = 3
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU per request."""

    app: float
    database: float

    @property
    def both(self) -> float:
        return self.app + self.database


@dataclass(frozen=True)
class Site:
    """What is measured: the server, its processes, a token that may write."""

    base: str
    gunicorn: int
    token: str


def main() -> int:
    import psycopg

    if not LOAD.exists():
        print(f"skipped: no load generator at {LOAD}; set PLENARY_LOAD_GENERATOR")
        return 0
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        print(f"skipped: PostgreSQL does not answer at {SERVER.rpartition('@')[2]}: {error}")
        return 0
    with server, tempfile.TemporaryDirectory(prefix="plenary-bench-") as folder:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
        try:
            return _measure(server, folder)
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def _measure(server: Any, folder: str) -> int:
    os.environ.update(
        DATABASE_URL=SERVER.rpartition("/")[0] + f"/{DATABASE}",
        DJANGO_SETTINGS_MODULE="web_settings",
        PYTHONPATH=os.pathsep.join((str(ROOT), str(HERE))),
        PLENARY_DATA_DIR=folder,
        PLENARY_LOG_LEVEL="ERROR",
    )
    place, token = _prepare()
    from django.db import connection

    reached = []
    filled = 0
    for size in SIZES:
        with connection.cursor() as cursor:
            fill(cursor, first=filled + 1, last=size, place=place)
            cursor.execute("VACUUM ANALYZE")
        filled = size
        pages = _pages(place)
        connection.close()
        with _serving(token) as site:
            reached += [_line(server, site, size, *page) for page in pages]
            if size == SIZES[-1]:
                reached.append(_filing(server, site, folder))
    return 0 if all(reached) else 1


def _prepare() -> tuple[dict[str, int], str]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from apps.accounts.models import Membership, Organisation, User
    from apps.accounts.services import make_token

    call_command("migrate", verbosity=0)
    consultation = make_consultation()
    version = consultation.documents.get().versions.get()
    person = User.objects.create_user("bench@example.org")
    # What a person files again revises the first; an organisation files one beside the other.
    forum = Organisation.objects.create(name="Bench Forum", slug="bench-forum", group="civil")
    Membership.objects.create(user=person, organisation=forum, role=Membership.Role.SUBMITTER)
    _token, text = make_token(person, name="bench", scope="write")
    with connection.cursor() as cursor:
        make_texts(cursor)
    place = {
        "consultation": consultation.pk,
        "phase": consultation.phases.get().pk,
        "version": version.pk,
    }
    return place, text


def _pages(place: dict[str, int]) -> list[tuple[str, str, float]]:
    """Return (name, address, target in ms) of what is read; deep is nine tenths down the list."""
    from apps.core.keyset import paginate
    from apps.submissions.models import Submission

    rows = Submission.objects.filter(consultation=place["consultation"])
    depth = rows.count() * 9 // 10
    before = rows.order_by("-submitted_at", "-id")[depth : depth + 2]
    deep = paginate(
        rows.filter(pk__in=[row.pk for row in before]), after="", size=1, by="-submitted_at"
    ).next_cursor
    api, html = "/api/v1/consultations/bench/submissions/", "/consultations/bench/submissions/"
    return [
        ("API list, first page", api, 8),
        ("API list, deep page", f"{api}?after={deep}", 8),
        ("HTML list, first page", html, 15),
        ("HTML list, deep page", f"{html}?after={deep}", 15),
        ("consultation page", "/consultations/bench/", 15),
    ]


@contextmanager
def _serving(token: str) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "2", "--bind"]
    command += [f"127.0.0.1:{port}", "--log-level", "warning", "--keep-alive", "5"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        base = f"http://127.0.0.1:{port}"
        _await(f"{base}/api/v1/stakeholder-groups/")
        yield Site(base, process.pid, token)
    finally:
        process.terminate()
        process.wait(20)


def _await(url: str) -> None:
    for _attempt in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{url} does not answer")


def _line(server: Any, site: Site, size: int, *page: Any) -> bool:
    name, path, target = page
    cost = _median(_round(server, site, [path, "-n", "300"], status="200") for _ in range(ROUNDS))
    return _report(f"{name}, {size:,} submissions", cost, target)


def _filing(server: Any, site: Site, folder: str) -> bool:
    payload = Path(folder) / "submission.json"
    text = "A trigger nobody can observe cannot be verified; say who observes it and when. " * 4
    answers = [{"question": f"question-{n}", "text": text} for n in (1, 2, 3)]
    points = [
        {"provision": f"art-{n}", "stance": "changes", "ask": "amend", "reason": text}
        for n in (1, 2, 3)
    ]
    body = {"organisation": "bench-forum", "answers": answers, "points": points}
    payload.write_text(json.dumps(body))
    options = ["/api/v1/consultations/bench/submissions/", "-X", "POST", "-n", "150"]
    options += ["--payload", str(payload), "-H", f"Authorization: Token {site.token}"]
    cost = _median(_round(server, site, options, status="201") for _ in range(ROUNDS))
    return _report("API POST of a complete submission", cost, 25)


def _report(name: str, cost: Cost, target: float) -> bool:
    split = f"app {cost.app:.1f} + db {cost.database:.1f}"
    return report(f"{name} ({split})", cost.both, target, unit="ms CPU")


def _median(costs: Iterator[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.both)[ROUNDS // 2]


def _round(server: Any, site: Site, options: list[str], *, status: str) -> Cost:
    command = [sys.executable, str(LOAD), site.base, options[0], "-c", "4", *options[1:]]
    _send([*command, "-n", "20"])  # each worker has connected and compiled before it counts
    app, database = _app_ticks(site.gunicorn), _database_ticks(server)
    answer = _send(command)
    count = answer["n"]
    if set(answer["status"]) != {status}:
        raise SystemExit(f"{options[0]} answered {answer['status']}")
    per_request = 1000 / TICKS / count
    return Cost(
        (_app_ticks(site.gunicorn) - app) * per_request,
        (_database_ticks(server) - database) * per_request,
    )


def _send(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _app_ticks(master: int) -> int:
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return sum(_ticks(int(pid)) for pid in [master, *children])


def _database_ticks(server: Any) -> int:
    """Count our own backends and the processes all share: writer, checkpointer, vacuum."""
    rows = server.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = %s OR backend_type <> 'client backend'",
        [DATABASE],
    )
    return sum(_ticks(pid) for (pid,) in rows)


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0  # ended meanwhile
    return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    sys.exit(main())
