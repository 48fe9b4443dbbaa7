"""The rush before a deadline: complete submissions at a steady rate, and a web process killed.

A server with its worker runs as it would in production, on PostgreSQL and Redis and then on SQLite
and a queue folder. Requests leave at the planned instants whatever the answers take, so that a slow
server is seen in the figures. Half-way one web process is killed with -9; a request that gets no
answer is sent again with the same Idempotency-Key. At the end everything that was acknowledged is
looked for in the database. Everything started is stopped; each run is bounded by `--seconds`.
"""

import argparse
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from measure import report, say_how_fast  # noqa: E402
from serving import place, serving  # noqa: E402
from web_data import make_consultation  # noqa: E402

NAME = "plenary_rush"
RATES = {"postgresql": 50, "sqlite": 10}
ATTEMPTS, PAUSE = 30, 0.2
PATH = "/api/v1/consultations/bench/submissions/"
SLOWEST = 1.0  # seconds, the 95th percentile
REPLAYED = 200


@dataclass
class Outcome:
    """What the senders saw: seconds from the planned instant to the receipt, receipts by key."""

    seconds: list[float] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    sent_again: int = 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--database", choices=sorted(RATES))
    options = parser.parse_args()
    if options.database:
        return _run(options.database, options.seconds)
    # One process each: Django is set up for one database.
    command = [sys.executable, __file__, "--seconds", str(options.seconds), "--database"]
    return max(subprocess.run([*command, name], check=False).returncode for name in RATES)


def _run(database: str, seconds: int) -> int:
    say_how_fast()
    rate = RATES[database]
    with (
        tempfile.TemporaryDirectory(prefix="plenary-rush-") as folder,
        place(database, NAME) as on,
    ):
        os.environ.update(
            DJANGO_SETTINGS_MODULE="web_settings",
            PYTHONPATH=os.pathsep.join((str(ROOT), str(HERE))),
            PLENARY_DATA_DIR=folder,
            PLENARY_LOG_LEVEL="ERROR",
            **on,
        )
        tokens = _prepare(rate * seconds)
        with serving(database) as (port, web):
            outcome = _send_all(port, tokens, rate=rate, web=web)
            same = _replay(port, tokens, outcome)
        missing, rows = _missing(outcome)
    print(f"== {database}: {rate} complete submissions a second for {seconds} seconds")
    ordered = sorted(outcome.seconds)
    name = f"{database}, receipt after"
    reached = [
        report(f"{name}, 95th percentile", ordered[int(len(ordered) * 0.95)], SLOWEST, unit="s"),
        report("requests refused", len(outcome.refused), 0, unit=""),
        report("acknowledged without row, job, receipt or entry", missing, 0, unit=""),
        report("rows more than acknowledged", rows - len(outcome.receipts), 0, unit=""),
        report("repeated keys with another receipt", same, 0, unit=""),
    ]
    print(
        f"  {len(ordered):,} receipts, median {ordered[len(ordered) // 2]:.3f} s, slowest "
        f"{ordered[-1]:.2f} s; {outcome.sent_again} sent again after a web process was killed"
    )
    for refusal in outcome.refused[:3]:
        print(f"  refused: {refusal}")
    return 0 if all(reached) else 1


def _prepare(people: int) -> list[str]:
    """Make the consultation and so many people; return a token of each: one response is one's."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from apps.accounts.models import User
    from apps.accounts.services import make_token

    call_command("migrate", verbosity=0)
    make_consultation()
    rushing = User.objects.bulk_create(
        User(email=f"rush-{n}@example.org", password="!") for n in range(people)
    )
    tokens = [make_token(person, name="rush", scope="write")[1] for person in rushing]
    connection.close()
    return tokens


def _send_all(port: int, tokens: Sequence[str], *, rate: int, web: int) -> Outcome:
    outcome, lock = Outcome(), threading.Lock()
    plan = iter(range(len(tokens)))
    began = time.monotonic() + 0.5

    def send_some() -> None:
        sender = _Sender(port, tokens)
        while True:
            with lock:
                number = next(plan, None)
            if number is None:
                return
            due = began + number / rate
            time.sleep(max(due - time.monotonic(), 0))
            key = str(uuid.uuid4())
            status, answer, again = sender.send(key, number)
            with lock:
                outcome.sent_again += again
                if status == 201:
                    outcome.seconds.append(time.monotonic() - due)
                    outcome.receipts[key] = answer
                else:
                    outcome.refused.append(f"{status} {str(answer)[:200]}")

    senders = [threading.Thread(target=send_some) for _ in range(rate)]
    for thread in senders:
        thread.start()
    time.sleep(len(tokens) / rate / 2)
    children = Path(f"/proc/{web}/task/{web}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    for thread in senders:
        thread.join()
    return outcome


class _Sender:
    """Sends each submission on a connection of its own, as each comes from somebody else.

    Connections kept open would all stay with the web process that is left after the kill.
    """

    def __init__(self, port: int, tokens: Sequence[str]) -> None:
        self._headers = {"Content-Type": "application/json", "Connection": "close"}
        self._tokens = tokens
        self._port = port

    def send(self, key: str, number: int) -> tuple[int, Any, int]:
        """Return status, answer and how often it had to be sent again."""
        for attempt in range(ATTEMPTS):
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            try:
                headers = {**self._headers, "Idempotency-Key": key}
                headers["Authorization"] = f"Token {self._tokens[number]}"
                connection.request("POST", PATH, body=_body(number), headers=headers)
                answer = connection.getresponse()
                content = answer.read()
                return answer.status, json.loads(content or b"null"), attempt
            except (OSError, http.client.HTTPException):
                time.sleep(PAUSE)
            finally:
                connection.close()
        return 0, "no answer", ATTEMPTS


def _body(number: int) -> bytes:
    text = "A trigger nobody can observe cannot be verified; say who observes it and when. " * 4
    answers = [{"question": f"question-{n}", "text": f"{text} {number}"} for n in (1, 2, 3)]
    points = [
        {"provision": f"art-{n}", "stance": "changes", "ask": "amend", "reason": f"{text} {number}"}
        for n in (1, 2, 3)
    ]
    groups = ("civil", "company", "research", "individual")
    body = {"group": groups[number % 4], "answers": answers, "points": points}
    return json.dumps(body).encode()


def _replay(port: int, tokens: Sequence[str], outcome: Outcome) -> int:
    """Send some keys once more; return how many got another receipt."""
    sender = _Sender(port, tokens)
    chosen = random.Random(7).sample(sorted(outcome.receipts), min(REPLAYED, len(outcome.receipts)))
    wrong = 0
    for key in chosen:
        stored = outcome.receipts[key]
        status, answer, _again = sender.send(key, _number_of(stored))
        wrong += status != 201 or answer != stored
    return wrong


def _number_of(receipt: dict[str, Any]) -> int:
    """Return which request a receipt answered, from the text that was filed."""
    from apps.submissions.models import Answer

    text = Answer.objects.filter(submission__reference=receipt["number"]).values_list("text")[0][0]
    return int(text.rsplit(" ", 1)[1])


def _missing(outcome: Outcome) -> tuple[int, int]:
    """Return how many receipts lack something in the database, and how many rows there are."""
    from apps.audit.models import Receipt
    from apps.jobs.models import Job
    from apps.submissions.models import Submission

    filed = dict(
        Submission.objects.filter(state=Submission.State.SUBMITTED).values_list("reference", "pk")
    )
    jobs = set(Job.objects.values_list("key", flat=True))
    kept = set(Receipt.objects.filter(entry__isnull=False).values_list("number", flat=True))
    missing = sum(
        number not in filed or number not in kept or f"passages:{filed[number]}" not in jobs
        for number in (receipt["number"] for receipt in outcome.receipts.values())
    )
    return missing, len(filed)


if __name__ == "__main__":
    sys.exit(main())
