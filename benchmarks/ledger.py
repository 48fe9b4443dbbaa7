"""The ledger of a consultation with 100,000 submissions and 400,000 points, and one big response.

Makes a database of its own: SQLite, or with DATABASE_URL the PostgreSQL server it names, where the
database is made and dropped. Asks the page as a host's editor does, through varied filters and on
to later pages, then answers 10,000 points at once by the jobs, in this process.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from ledger_letters import add_letters  # noqa: E402
from measure import report  # noqa: E402
from web_data import WORDS, make_consultation  # noqa: E402

DATABASE = "plenary_bench_ledger"
SUBMISSIONS = 100_000
POINTS_EACH = 4
FOLLOWED = 20  # one submission in so many has an author who follows it
ANSWERED = 100_000  # points answered before, one response each hundred
CHUNK = 5_000
BATCH = 1_000
BULK = 10_000
ROUNDS = 5
LEDGER = "/workspace/bench/responses/"
P95 = 300  # ms
SECONDS = 10
NEXT = re.compile(r'rel="next" href="[^"]*after=([^"&]+)')
APART = timedelta(seconds=72)  # between two submissions: 12 weeks in all
IDENTITIES = ("account", "account", "organisation", "email")
COUNTRIES = ("", "KE", "DE", "FR", "US", "IN", "BR")
GROUPS = ("individual", "company", "civil", "association", "research", "union")
RARE = ("policymaker", 1_000)  # one submission in so many
STANCES = ("support", "changes", "neutral", "oppose")
ASKED: dict[str, dict[str, str]] = {
    "everything": {},
    "provision": {"provision": "art-7"},
    "frequent group": {"group": "company"},
    "rare group": {"group": "policymaker"},
    "stance": {"stance": "oppose"},
    "rare stance": {"stance": "cannot"},
    "frequent theme": {"theme": "frequent"},
    "rare theme": {"theme": "rare"},
    "frequent words": {"words": "monitoring"},
    "rare words": {"words": "zeppelin"},
    "open": {"open": "1"},
    "open on a provision": {"open": "1", "provision": "art-7", "stance": "oppose"},
    "all narrow": {"provision": "art-3", "group": "union", "stance": "changes", "open": "1"},
    "letters of a big campaign": {"campaign": "1"},
    "letters of a small campaign": {"campaign": "2"},
    "letters, open, of a group": {"campaign": "1", "open": "1", "group": "company"},
    "own words": {"own": "1"},
    "own words on a provision": {"own": "1", "provision": "art-7", "open": "1"},
    "answers": {"kind": "answers"},
    "answers to a question, open": {"kind": "answers", "question": "question-1", "open": "1"},
}


def main() -> int:
    return on_own_database(__file__, DATABASE)


def on_own_database(script: str, name: str) -> int:
    """Run a benchmark with `--here` on a database made for it and dropped after."""
    with tempfile.TemporaryDirectory(prefix="plenary-bench-") as folder:
        url = os.environ.get("DATABASE_URL", "")
        return _on_postgresql(script, name, folder, url) if url else _run(script, folder, "")


def _on_postgresql(script: str, name: str, folder: str, url: str) -> int:
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        try:
            return _run(script, folder, f"{url.rpartition('/')[0]}/{name}")
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _run(script: str, folder: str, url: str) -> int:
    """Fill and ask in a process of its own: settings are read once per process."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "web_settings",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(HERE))),
        "PLENARY_DATA_DIR": folder,
        "PLENARY_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, script, "--here"]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def fill_and_measure() -> int:
    from django.core.management import call_command
    from django.db import connection

    import config.wsgi  # noqa: F401  loads the program as a server does

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    consultation = make_consultation()
    editor = fill(consultation)
    print(f"{connection.vendor}: filled in {time.perf_counter() - started:.0f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")
    reached = [*ask(editor), *_answer(consultation, editor)]
    return 0 if all(reached) else 1


def fill(consultation: Any) -> Any:
    """Insert submissions with all that the ledger shows of them; return an editor."""
    editor = staff(consultation, "editor")
    fill_submissions(consultation)
    _themes(consultation)
    add_letters(consultation)
    _answer_before(consultation, editor)
    return editor


def staff(consultation: Any, role: str) -> Any:
    """Return somebody with a role at the host."""
    from apps.accounts.models import User
    from apps.consultations.models import HostRole

    person = User.objects.create_user(email=f"{role}@bench.example.org")
    HostRole.objects.create(host=consultation.host, user=person, role=role)
    return person


def fill_submissions(consultation: Any) -> None:
    """Insert submissions with points, an answer, tallies and followers."""
    from django.db import transaction
    from django.utils import timezone

    from apps.consultations.models import Phase, Provision

    consultation.phases.all().delete()
    opened = timezone.now() - SUBMISSIONS * APART
    Phase.objects.create(consultation=consultation, kind=Phase.Kind.COMMENT, opens_at=opened)
    provisions = list(Provision.objects.order_by("position"))
    question = consultation.questions.order_by("position").first()
    for first in range(0, SUBMISSIONS, CHUNK):
        with transaction.atomic():
            _insert(consultation, provisions, question, range(first, first + CHUNK))
    _tally(consultation, question)


def _insert(consultation: Any, provisions: list[Any], question: Any, numbers: range) -> None:
    from django.utils import timezone

    from apps.submissions import vocabulary
    from apps.submissions.models import Submission

    now = timezone.now()
    filed = Submission.objects.bulk_create(
        (
            Submission(
                consultation=consultation,
                reference=f"B-{n:07}",
                state="submitted",
                group=RARE[0] if n % RARE[1] == 0 else GROUPS[n % len(GROUPS)],
                submitted_at=now - (SUBMISSIONS - n) * APART,
                identity=IDENTITIES[n % len(IDENTITIES)],
                country=COUNTRIES[n % len(COUNTRIES)],
            )
            for n in numbers
        ),
        batch_size=BATCH,
    )
    _say(filed, provisions, question)
    vocabulary.write([one.pk for one in filed])
    _follow(filed)


def _say(filed: list[Any], provisions: list[Any], question: Any) -> None:
    from apps.submissions.models import Answer, Point

    Answer.objects.bulk_create(
        (Answer(submission=one, question=question, text=_text(one.pk)) for one in filed),
        batch_size=BATCH,
    )
    Point.objects.bulk_create(
        (
            Point(
                submission=one,
                provision=provisions[(one.pk * 13 + number * 5) % len(provisions)],
                number=number,
                stance="cannot" if one.pk % 997 == number else STANCES[(one.pk + number) % 4],
                ask="amend",
                reason=_text(one.pk + number),
            )
            for one in filed
            for number in range(1, POINTS_EACH + 1)
        ),
        batch_size=BATCH,
    )


def _text(n: int) -> str:
    words = " ".join(WORDS[(n * 7 + place * place) % len(WORDS)] for place in range(40))
    return f"{words}." + (" A zeppelin." if n % 5_003 == 7 else "")


def _follow(filed: list[Any]) -> None:
    from apps.accounts.models import User
    from apps.notifications.models import Following, Frequency
    from apps.submissions.announcing import topic_of

    authors = filed[::FOLLOWED]
    people = User.objects.bulk_create(
        (User(email=f"{one.reference.lower()}@bench.example.org") for one in authors),
        batch_size=BATCH,
    )
    Following.objects.bulk_create(
        (
            Following(
                user=person, topic=topic_of(one), title="t", path="/", frequency=Frequency.DAILY
            )
            for person, one in zip(people, authors, strict=True)
        ),
        batch_size=BATCH,
    )


def _tally(consultation: Any, question: Any) -> None:
    from django.db.models import Count

    from apps.submissions.models import Point, PointTally
    from apps.submissions.tallies import recount_groups

    recount_groups(consultation)
    counted = Point.objects.order_by().values_list("provision", "submission__group", "stance")
    PointTally.objects.bulk_create(
        (
            PointTally(provision_id=provision, group=group, stance=stance, points=n)
            for provision, group, stance, n in counted.annotate(n=Count("pk"))
        ),
        batch_size=BATCH,
    )


def _themes(consultation: Any) -> None:
    """Make a ready briefing with a theme that a fifth raises and one that a thousandth does."""
    from django.utils import timezone

    from apps.briefings.models import Briefing, CodeFrame, Corpus, Theme, ThemeAssignment
    from apps.submissions.models import Submission

    corpus = Corpus.objects.create(consultation=consultation, cut_off_at=timezone.now())
    frame = CodeFrame.objects.create(consultation=consultation, version=1, corpus=corpus)
    Briefing.objects.create(consultation=consultation, version=1, state="ready", frame=frame)
    pks = list(Submission.objects.order_by("pk").values_list("pk", flat=True))
    for number, (key, every) in enumerate((("frequent", 5), ("rare", 1_000)), 1):
        theme = Theme.objects.create(
            frame=frame, number=number, key=key, title=key.title(), provision_key="art-1"
        )
        ThemeAssignment.objects.bulk_create(
            (ThemeAssignment(theme=theme, submission_id=pk) for pk in pks[every - 1 :: every]),
            batch_size=BATCH,
        )


def _answer_before(consultation: Any, editor: Any) -> None:
    """Answer the newest quarter, so that what is open begins far behind the first page."""
    from django.db import transaction

    from apps.responses.deciding import attach
    from apps.responses.models import AnsweredPart, OfficialResponse
    from apps.submissions.models import Point

    newest = Point.objects.order_by("-pk").select_related("submission").defer("reason")
    points = newest[:ANSWERED].iterator(chunk_size=CHUNK)
    while some := list(islice(points, 1_000)):
        with transaction.atomic():
            response = OfficialResponse.objects.create(
                consultation=consultation, decision="rejected", reason="No.", made_by=editor
            )
            attach(
                response,
                [
                    AnsweredPart(response=response, submission=one.submission, point=one, number=n)
                    for n, one in enumerate(some)
                ],
            )


def ask(editor: Any) -> Iterator[bool]:
    from django.db import connection
    from django.test import Client

    client, all_times = Client(HTTP_HOST="localhost"), []
    client.force_login(editor)
    for name, asked in ASKED.items():
        times: list[float] = []
        for _round in range(ROUNDS):
            after = _timed(client, times, asked)
            for _page in range(2):
                after = _timed(client, times, {**asked, "after": after}) if after else ""
        all_times += times
        label = f"{connection.vendor}: {name}, median ({len(times)} pages)"
        print(f"{label:58} {statistics.median(times):10.2f} ms, longest {max(times):.0f}")
    p95 = statistics.quantiles(all_times, n=20)[-1]
    yield report(f"{connection.vendor}: p95 of the ledger's pages", p95, P95, unit="ms")
    times = []
    for place in ("", "you-said-we-did/", "responses/"):
        for _round in range(ROUNDS):
            _timed(client, times, {}, place=f"/consultations/bench/{place}")
    p95 = statistics.quantiles(times, n=20)[-1]
    yield report(f"{connection.vendor}: p95 of the public pages", p95, P95, unit="ms")
    times = []
    for _round in range(4 * ROUNDS):
        _timed(client, times, {}, place="/workspace/bench/")
    p95 = statistics.quantiles(times, n=20)[-1]
    yield report(f"{connection.vendor}: p95 of the dashboard", p95, P95, unit="ms")


def _timed(
    client: Any,
    taken: list[float],
    query: dict[str, str],
    place: str = "/workspace/bench/responses/",
) -> str:
    started = time.perf_counter()
    answer = client.get(place, query)
    taken.append((time.perf_counter() - started) * 1000)
    if answer.status_code != 200:
        raise SystemExit(f"{place} {query} answered {answer.status_code}")
    found = NEXT.search(answer.text)
    return found[1] if found else ""


def _answer(consultation: Any, editor: Any) -> Iterator[bool]:
    """Answer the open points of one group on some provisions: cut to the number to be measured."""
    from django.db import connection

    from apps.jobs.executing import run_until_idle
    from apps.responses import bulking
    from apps.responses.ledger import LedgerFilter
    from apps.responses.services import ResponseInput, respond_to_all

    entered = ResponseInput(decision="partly", reason="The period is shorter now.")
    asked = LedgerFilter(provision="art-7", is_open=True)
    started = time.perf_counter()
    bulk = respond_to_all(consultation, asked, entered, by=editor)
    taken_in_request = time.perf_counter() - started
    run_until_idle(bulk.job_key)
    seconds = time.perf_counter() - started
    counts = bulking.counts_of(bulk)
    if counts["answered"] != bulk.count or bulk.count < BULK:
        raise SystemExit(f"{counts} of {bulk.count}, at least {BULK} were to be answered")
    name = f"{connection.vendor}: {bulk.count:,} points answered at once"
    yield report(f"{name}, the request", taken_in_request, SECONDS, unit="s")
    yield report(f"{name}, all", seconds, SECONDS, unit="s")


if __name__ == "__main__":
    sys.exit(fill_and_measure() if sys.argv[1:] == ["--here"] else main())
