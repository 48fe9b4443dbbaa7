"""Two hundred people write their responses at once: how long each save of a draft takes.

Each has a session of their own and saves a draft of three answers and three points every few
seconds, as the page does by itself. The product runs as in production, on PostgreSQL and Redis and
then on SQLite; everything started is stopped, and each run is bounded by `--seconds`.
"""

import argparse
import http.client
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from measure import report  # noqa: E402
from serving import place, serving  # noqa: E402
from web_data import make_consultation  # noqa: E402

NAME = "plenary_autosave"
DRAFTS = 200
PERIOD = {"postgresql": 8.0, "sqlite": 16.0}  # seconds between two saves of one draft
SLOWEST = 150  # ms, the 95th percentile
PATH = "/consultations/bench/respond/autosave/"
TEXT = "A trigger nobody can observe cannot be verified; say who observes it and when. "


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--database", choices=sorted(PERIOD))
    options = parser.parse_args()
    if options.database:
        return _run(options.database, options.seconds)
    # One process each: Django is set up for one database.
    command = [sys.executable, __file__, "--seconds", str(options.seconds), "--database"]
    return max(subprocess.run([*command, name], check=False).returncode for name in PERIOD)


def _run(database: str, seconds: int) -> int:
    with tempfile.TemporaryDirectory(prefix="plenary-save-") as folder, place(database, NAME) as on:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="web_settings",
            PYTHONPATH=os.pathsep.join((str(ROOT), str(HERE))),
            PLENARY_DATA_DIR=folder,
            PLENARY_LOG_LEVEL="ERROR",
            **on,
        )
        sessions = _people()
        with serving(database) as (port, _web):
            took, refused = _write(port, sessions, period=PERIOD[database], seconds=seconds)
        lost = _lost()
    ordered = sorted(took)
    print(f"== {database}: {DRAFTS} drafts, one save every {PERIOD[database]:g} s each")
    p95 = ordered[int(len(ordered) * 0.95)]
    reached = [
        report(f"{database}: a save of a draft, p95", p95 * 1000, SLOWEST, unit="ms"),
        report("saves refused", len(refused), 0, unit=""),
        report("drafts without their last words", lost, 0, unit=""),
    ]
    print(f"  {len(ordered):,} saves, median {ordered[len(ordered) // 2] * 1000:.0f} ms")
    for refusal in refused[:3]:
        print(f"  refused: {refusal}")
    return 0 if all(reached) else 1


def _people() -> list[str]:
    """Make the consultation and the people; return a session of each."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import connection

    from apps.accounts.models import User

    call_command("migrate", verbosity=0)
    make_consultation()
    keys = []
    for number in range(DRAFTS):
        user = User.objects.create(email=f"writer-{number}@example.org")
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        keys.append(str(session.session_key))
    connection.close()
    return keys


def _write(
    port: int, sessions: list[str], *, period: float, seconds: int
) -> tuple[list[float], list[str]]:
    """Let every person save in turn; return how long each save took, and what was refused."""
    took: list[float] = []
    refused: list[str] = []
    began = time.monotonic() + 1

    def save_on(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        token = secrets.token_hex(16)
        headers = {
            "Cookie": f"sessionid={sessions[number]}; csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        for save in range(max(int(seconds / period), 1)):
            due = began + save * period + period * number / len(sessions)
            time.sleep(max(due - time.monotonic(), 0))
            body = _form(number, save, token)
            try:
                connection.request("POST", PATH, body=body, headers=headers)
                answer = connection.getresponse()
                said = answer.read().decode()
            except (OSError, http.client.HTTPException) as error:
                # The server closes what was idle for some seconds; a browser opens it again.
                connection.close()
                connection.request("POST", PATH, body=body, headers=headers)
                answer = connection.getresponse()
                said = answer.read().decode() or repr(error)
            took.append(time.monotonic() - due)
            if answer.status != 200 or "Saved" not in said:
                refused.append(f"{answer.status} {said[:200]}")

    writers = [threading.Thread(target=save_on, args=(n,)) for n in range(len(sessions))]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return took, refused


def _form(number: int, save: int, token: str) -> str:
    fields = {"csrfmiddlewaretoken": token, "form": f"form-{number}", "group": "civil"}
    words = f"{TEXT * (1 + save % 5)} {number}"
    fields |= {f"answer-question-{n}.text": words for n in (1, 2, 3)}
    for n in (0, 1, 2):
        fields |= {f"point-{n}-provision": f"art-{n + 1}", f"point-{n}-stance": "changes"}
        fields |= {f"point-{n}-ask": "amend", f"point-{n}-reason": words}
    return urlencode(fields)


def _lost() -> int:
    """Return how many drafts do not hold what their writer saved."""
    from apps.submissions.models import Submission

    drafts = Submission.objects.filter(state=Submission.State.DRAFT)
    whole = sum(draft.answers.count() == 3 and draft.points.count() == 3 for draft in drafts)
    return DRAFTS - whole


if __name__ == "__main__":
    sys.exit(main())
