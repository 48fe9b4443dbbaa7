"""A briefing on 650 and on 20,000 distinct comments: seconds, memory, growth per comment.

The comments are made from real sentences of the docket in the demo, shuffled with a fixed seed, so
that every one is distinct and groups, lengths and vocabulary are realistic.
"""

import csv
import gzip
import json
import random
import re
import sys
import tempfile
from pathlib import Path

from measure import ROOT, manage, report, run

SOURCE = ROOT / "apps/submissions/demo/cms-2022-0163/comments.csv.gz"
GROUPS = ("policymaker", "civil", "company", "association", "research", "individual", "other")
SIZES = {650: 15.0, 5_000: 60.0, 20_000: 120.0}


def sentences() -> list[str]:
    with gzip.open(SOURCE, "rt", encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    found = {
        " ".join(sentence.split())
        for text in texts
        for sentence in re.split(r"(?<=[.!?])\s+", text)
        if 40 < len(sentence) < 300
    }
    return sorted(found)


def write_comments(path: Path, count: int) -> None:
    chance = random.Random(7)
    pool = sentences()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["reference", "text", "organisation", "group", "submitted_at"])
        for number in range(count):
            words = " ".join(chance.sample(pool, chance.randint(4, 10)))
            name = f"Body {number}" if chance.random() < 0.4 else ""
            day = f"2026-03-{1 + number * 28 // count:02d}"
            writer.writerow([f"B-{number:06d}", words, name, chance.choice(GROUPS), day])


def build(count: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory(prefix="plenary-bench-") as folder:
        data_dir = Path(folder)
        write_comments(data_dir / "comments.csv", count)
        steps = (
            manage("migrate", "--verbosity", "0"),
            manage(
                "import_submissions",
                "bench",
                str(data_dir / "comments.csv"),
                "--format",
                "csv",
                "--create",
                "Benchmark",
            ),
        )
        for step in steps:
            done = run(step, data_dir=data_dir)
            if done.returncode:
                sys.exit(done.output)
        measured = run(
            manage("build_briefing", "bench", "--output", str(data_dir / "out")), data_dir=data_dir
        )
        if measured.returncode:
            sys.exit(measured.output)
        content = json.loads(next((data_dir / "out").glob("*.json")).read_text(encoding="utf-8"))
        assert content["heard"]["total"] == count
    return measured.seconds, measured.peak_mb


def main() -> int:
    per_comment = {}
    for count, target in SIZES.items():
        seconds, peak = build(count)
        per_comment[count] = seconds / count
        report(f"briefing on {count:,} comments, wall", seconds, target, unit="s")
        print(f"{'':58} {peak:10.0f} MB       peak of all processes")
    sizes = sorted(per_comment)
    growth = (per_comment[sizes[-1]] / per_comment[sizes[-2]]) if len(sizes) > 1 else 0.0
    report("seconds per comment, 20,000 against 5,000", growth, 1.0, unit="x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
