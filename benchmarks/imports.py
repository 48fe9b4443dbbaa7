"""Import of 60,000 letters on SQLite: rows a second, memory, and the same rows after `kill -9`."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import ROOT, Measured, manage, report, run

DATA = Path(os.environ.get("PLENARY_SHARED_DATA", ROOT.parent / "shared" / "data"))
LETTERS = DATA / "us-mass-campaigns-regsgov" / "letters_expanded.csv.gz"
ROWS = 60_000
KILLS = (0.2, 0.5, 0.8)  # share of the clean run's time after which the process is killed
MAPPING = ("reference=row_id", "submitted_at=posted_date", "organisation=organization")
CONTENT = """
    SELECT s.reference, s.organisation_name, s.language, a.number, a.text, p.start, p."end",
           p.fingerprint
    FROM submissions_submission s
    JOIN submissions_answer a ON a.submission_id = s.id
    LEFT JOIN submissions_passage p ON p.answer_id = a.id
    ORDER BY s.reference, a.number, p.start
"""
COUNTS = ("submission", "answer", "passage")


def main() -> int:
    if not LETTERS.exists():
        print(f"{LETTERS} is not there; set PLENARY_SHARED_DATA.")
        return 1
    with tempfile.TemporaryDirectory(prefix="plenary-bench-") as folder:
        clean = Path(folder) / "clean"
        measured = import_into(clean)
        if measured.returncode:
            print(measured.output)
            return 1
        report(
            "import of 60,000 letters", ROWS / measured.seconds, 3_000, unit="rows/s", at_least=True
        )
        print(f"{'  of which CPU':58} {measured.cpu_seconds:10.2f} s")
        report("import of 60,000 letters, peak memory", measured.peak_mb, 400, unit="MB")
        expected = contents(clean)
        print(f"  rows: {expected[0]}")
        again = import_into(clean)
        same = contents(clean) == expected and not again.returncode
        report("the same file again: rows that differ", 0 if same else 1, 0, unit="")
        differing = killed_and_restarted(Path(folder), expected, measured.seconds)
        report("killed at 3 points, restarted: runs that differ", differing, 0, unit="")
    return 0


def import_into(folder: Path) -> Measured:
    run(manage("migrate", "--verbosity", "0"), data_dir=folder)
    return run(import_command(), data_dir=folder)


def import_command() -> list[str]:
    return manage(
        "import_submissions",
        "letters",
        str(LETTERS),
        "--format=csv",
        "--create=Mass comment campaigns",
        "--map",
        *MAPPING,
    )


def killed_and_restarted(folder: Path, expected: tuple, seconds: float) -> int:
    """Kill one import of the file three times, then let it end; return 1 where rows differ."""
    data_dir = folder / "killed"
    run(manage("migrate", "--verbosity", "0"), data_dir=data_dir)
    environment = {**os.environ, "PLENARY_DATA_DIR": str(data_dir)}
    for share in KILLS:
        process = subprocess.Popen(
            import_command(), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )
        time.sleep(share * seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        print(f"  killed after {share * seconds:.1f} s: {contents(data_dir)[0]}", flush=True)
    done = run(import_command(), data_dir=data_dir)
    return int(bool(done.returncode) or contents(data_dir) != expected)


def contents(data_dir: Path) -> tuple[dict[str, int], str]:
    """Return how many rows there are, and a digest of all that they say."""
    with sqlite3.connect(data_dir / "plenary.sqlite3") as database:
        counts = {
            name: database.execute(f"SELECT count(*) FROM submissions_{name}").fetchone()[0]
            for name in COUNTS
        }
        digest = hashlib.sha256()
        for row in database.execute(CONTENT):
            digest.update(repr(row).encode())
    return counts, digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
