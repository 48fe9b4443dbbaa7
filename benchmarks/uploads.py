"""Some 400 hostile and broken files and a few honest ones, sent and read as a worker does.

Every one must end with a message or a state; nothing may crash, hang, swell or be left behind.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from measure import report  # noqa: E402
from upload_files import honest, hostile  # noqa: E402
from upload_pdfs import hostile_pdfs  # noqa: E402

FEWEST = 300
LONGEST_P95 = 5.0  # s
LONGEST = 100.0  # s: the limits of cleaning and reading together
WORKER_MB, CHILD_MB = 300, 1_024


@dataclass(frozen=True)
class Made:
    """A file that lies ready to be sent; see `upload_files.Sent`."""

    path: str
    name: str
    what: str
    taken: bool | None


def make(folder: Path) -> int:
    """Write every file and a list of them."""
    listed = []
    for number, sent in enumerate([*honest(), *hostile(), *hostile_pdfs()]):
        path = folder / str(number)
        path.write_bytes(sent.data)
        listed.append(asdict(Made(str(path), sent.name, sent.what, sent.taken)))
    (folder / "files.json").write_text(json.dumps(listed))
    return 0


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="plenary-bench-") as folder:
        os.environ["PLENARY_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        os.environ.setdefault("PLENARY_LOG_LEVEL", "ERROR")
        _set_up()
        # Made by another process: what this one needs is what a worker needs.
        made = Path(folder) / "made"
        made.mkdir()
        subprocess.run([sys.executable, __file__, str(made)], check=True)
        files = [Made(**one) for one in json.loads((made / "files.json").read_text())]
        bad = sum(one.taken is not True for one in files)
        print(f"{bad} hostile files, {len(files) - bad} honest ones", flush=True)
        wrong: list[str] = []
        times = []
        ends: Counter[str] = Counter()
        for sent in files:
            started = time.perf_counter()
            end, problem = _send(sent)
            times.append((time.perf_counter() - started, sent))
            ends[end] += 1
            if problem:
                wrong.append(f"{sent.name[:20]!r} ({sent.what}): {problem}")
        left = sum(1 for _path in Path(folder).glob("media/attachments/??/*"))
    return _told(bad, times, ends, wrong, left)


def _told(
    count: int,
    times: list[tuple[float, Made]],
    ends: Counter[str],
    wrong: list[str],
    left: int,
) -> int:
    for end, n in ends.most_common():
        print(f"  {n:4} {end}")
    times.sort(key=lambda one: -one[0])
    for seconds, sent in times[:5]:
        print(f"  {seconds:6.2f} s {sent.name[:20]!r} ({sent.what})")
    for line in wrong:
        print(f"  WRONG {line}")
    seconds = [one for one, _sent in times]
    mega = 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / mega
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / mega
    p95 = statistics.quantiles(seconds, n=20)[-1]
    reached = [
        report("hostile files", count, FEWEST, unit="files", at_least=True),
        report("crashes, wrong ends, files without a word", len(wrong), 0, unit="files"),
        report("files left behind", left, 0, unit="files"),
        report("time per file, 95th percentile", p95, LONGEST_P95, unit="s"),
        report("time per file, longest", max(seconds), LONGEST, unit="s"),
        report("largest memory of the worker", own, WORKER_MB, unit="MB"),
        report("largest memory of a process that opens a file", children, CHILD_MB, unit="MB"),
    ]
    return 0 if all(reached) else 1


def _set_up() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from apps.accounts.models import User

    call_command("migrate", verbosity=0)
    User.objects.create_user("sender@example.org", "a long pass phrase")


def _send(sent: Made) -> tuple[str, str]:
    """Send a file and do its job; return how it ended, and what is wrong with that."""
    from apps.accounts.models import User
    from apps.core.errors import DomainError
    from apps.submissions.services import FileInput, attach, detach

    sender = User.objects.get()
    try:
        with Path(sent.path).open("rb") as file:
            attachment = attach(None, FileInput(sent.name, file), by=sender)
    except DomainError as refusal:
        said = str(refusal.message)
        problem = "" if len(said) > len("…: ") and not sent.taken else f"refused: {said}"
        return "refused when sent", problem
    except Exception as error:  # noqa: BLE001 - a crash is what is looked for
        return "crash", f"{type(error).__name__}: {error}"
    try:
        return _read(sent, attachment)
    finally:
        attachment.refresh_from_db()
        detach(attachment, by=sender)


def _read(sent: Made, attachment: Any) -> tuple[str, str]:
    from apps.jobs.executing import run_until_idle
    from apps.jobs.models import Job

    key = f"attachment:{attachment.pk}"
    run_until_idle(key)
    job = Job.objects.get(key=key)
    attachment.refresh_from_db()
    end = f"{attachment.state}, {'published' if attachment.published else 'not published'}"
    if attachment.reason:
        end += f" ({attachment.reason})"
    if job.state != Job.State.DONE:
        return end, f"the job is {job.state}: {job.error_class} {job.error_message[:200]}"
    if attachment.is_waiting or not (attachment.pages_read or attachment.what_happened):
        return end, "nothing is said about it"
    if sent.taken and (attachment.reason or not attachment.published):
        return end, "an honest file was not read"
    if sent.taken is False and attachment.published:
        return end, "it was published"
    if not _is_named_well(attachment.name):
        return end, f"its name is {attachment.name!r}"
    return end, ""


def _is_named_well(name: str) -> bool:
    return name.isprintable() and not set(name) & set('/\\<>:"|?*\0') and len(name) <= 120


if __name__ == "__main__":
    sys.exit(make(Path(sys.argv[1])) if len(sys.argv) > 1 else main())
