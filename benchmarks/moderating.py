"""Moderation with 100,000 submissions, 400,000 points, 5,000 open cases and 20,000 decisions.

Makes a database of its own, as the benchmark of the ledger does: SQLite, or with DATABASE_URL the
PostgreSQL server it names. Asks the queue through its filters and on to later pages, cases, the
public log, the statistics and the table of the log.
"""

import re
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from ledger import BATCH, fill_submissions, on_own_database, staff  # noqa: E402
from measure import report  # noqa: E402
from web_data import make_consultation  # noqa: E402

DATABASE = "plenary_bench_moderating"
OPEN, DECIDED = 5_000, 20_000
APPEALED = 20  # one decision that removed something in so many
CASES_ASKED = 20
ROUNDS = 5
P95 = 300  # ms
RULES = ("personal", "advertising", "off_topic", "hate", "threat")
ACTIONS = ("keep", "redact", "hide")
NEXT = re.compile(r'rel="next" href="[^"]*after=([^"&#]+)')
QUEUE: dict[str, dict[str, str]] = {
    "everything": {},
    "one rule": {"rule": "personal"},
    "rare group": {"group": "policymaker"},
    "rule and group": {"rule": "threat", "group": "company"},
}


def main() -> int:
    return on_own_database(__file__, DATABASE)


def fill_and_measure() -> int:
    from django.core.management import call_command
    from django.db import connection

    import config.wsgi  # noqa: F401  loads the program as a server does

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    consultation = make_consultation()
    moderator = staff(consultation, "moderator")
    fill_submissions(consultation)
    fill_cases(consultation, moderator)
    print(f"{connection.vendor}: filled in {time.perf_counter() - started:.0f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")
    return 0 if all(ask(moderator)) else 1


def fill_cases(consultation: Any, moderator: Any) -> None:
    """Insert cases over all submissions, flags, decisions and appeals."""
    from django.utils import timezone

    from apps.moderation.models import Case, Flag, rank_of
    from apps.submissions.models import Submission

    now = timezone.now()
    rows = Submission.objects.order_by("pk").values_list("pk", "group")
    every = max(rows.count() // (OPEN + DECIDED), 1)
    chosen = list(rows)[::every][: OPEN + DECIDED]
    cases = Case.objects.bulk_create(
        (
            Case(
                consultation=consultation,
                submission_id=pk,
                part=f"point:{n % 4 + 1}",
                group=group,
                state="open" if n % 5 == 0 else "decided",
                rank=rank_of([RULES[n % len(RULES)]] * (n % 9 + 1)),
                flags=n % 9 + 1,
                opened_at=now - timedelta(minutes=n),
            )
            for n, (pk, group) in enumerate(chosen)
        ),
        batch_size=BATCH,
    )
    Flag.objects.bulk_create(
        (
            Flag(case=case, rule=RULES[(n + number) % len(RULES)], text="Please look at this.")
            for n, case in enumerate(cases)
            for number in range(n % 3 + 1)
        ),
        batch_size=BATCH,
    )
    decided = [case for case in cases if case.state == "decided"]
    _decide(decided, moderator, now)


def _decide(cases: list[Any], moderator: Any, now: Any) -> None:
    from apps.moderation.models import Appeal, Decision

    decisions = Decision.objects.bulk_create(
        (
            Decision(
                case=case,
                consultation_id=case.consultation_id,
                action=ACTIONS[n % 3],
                rule=RULES[n % len(RULES)] if n % 3 else "",
                statement="Your words name a person who did not agree to that.",
                public_note="A telephone number." if n % 7 == 0 else "",
                decided_by=moderator,
                decided_at=now - timedelta(minutes=n),
            )
            for n, case in enumerate(cases)
        ),
        batch_size=BATCH,
    )
    removed = [one for one in decisions if one.action != "keep"]
    Appeal.objects.bulk_create(
        (Appeal(decision=one, text="It is my own number.") for one in removed[::APPEALED]),
        batch_size=BATCH,
    )


def ask(moderator: Any) -> Iterator[bool]:
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from apps.moderation.models import Case

    client = Client(HTTP_HOST="localhost")
    client.force_login(moderator)
    queue = reverse("moderation:queue", args=["bench"])
    times: list[float] = []
    for asked in QUEUE.values():
        for _round in range(ROUNDS):
            times += _pages(client, queue, asked)
    yield _report("the queue", times)
    cases = Case.objects.waiting().order_by("rank", "id").values_list("pk", flat=True)[:CASES_ASKED]
    pages = [reverse("moderation:case", args=["bench", pk]) for pk in cases]
    yield _report("a case", [_timed(client, page, {})[0] for page in pages])
    public = Client(HTTP_HOST="localhost")
    log = reverse("moderation:log", args=["bench"])
    yield _report("the log", [ms for _round in range(ROUNDS) for ms in _pages(public, log, {})])
    asked_for = {
        "the statistics": reverse("api:moderation-statistics", args=["bench"]),
        "the statistics as CSV": reverse("moderation:statistics-table", args=["bench"]),
    }
    for name, address in asked_for.items():
        taken = [_timed(public, address, {})[0] for _round in range(4 * ROUNDS)]
        yield _report(name, taken)
    whole, _text = _timed(public, reverse("moderation:log-table", args=["bench"]), {})
    print(f"{connection.vendor}: the whole log as CSV, once {whole:26.0f} ms")


def _report(name: str, times: list[float]) -> bool:
    from django.db import connection

    p95 = statistics.quantiles(times, n=20)[-1]
    return report(f"{connection.vendor}: p95 of {name} ({len(times)})", p95, P95, unit="ms")


def _pages(client: Any, place: str, asked: dict[str, str]) -> list[float]:
    """Ask the first page and the two that follow it."""
    first, text = _timed(client, place, asked)
    times = [first]
    for _page in range(2):
        if found := NEXT.search(text):
            taken, text = _timed(client, place, {**asked, "after": found[1]})
            times.append(taken)
    return times


def _timed(client: Any, place: str, query: dict[str, str]) -> tuple[float, str]:
    started = time.perf_counter()
    answer = client.get(place, query)
    taken = (time.perf_counter() - started) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{place} {query} answered {answer.status_code}")
    return taken, answer.text


if __name__ == "__main__":
    sys.exit(fill_and_measure() if sys.argv[1:] == ["--here"] else main())
