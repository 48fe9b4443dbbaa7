"""Splits long and differently made documents into parts: how fast, and whether rightly.

A DOCX of 300 pages is made of the words of the demo protocol, with a fixed seed; Word numbers its
headings and clauses. Three real texts are made into DOCX by three routes each, and what is found
there is compared with what their plain text says.
"""

import os
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import docx  # noqa: E402

from apps.analysis.files import confining  # noqa: E402
from apps.analysis.outlining import split_markdown  # noqa: E402
from benchmarks.measure import report  # noqa: E402
from tests.analysis import outline_samples as samples  # noqa: E402

WORDS, CHAPTERS, ARTICLES, CLAUSES, SEED = 150_000, 25, 20, 6, 7
SECONDS, TIMES = 5, 3
SHARED = Path(os.environ.get("PLENARY_SHARED_DATA", ROOT.parent / "shared" / "data"))
PROTOCOL = ROOT / "apps/consultations/demo/pause-protocol.md"
NOTICE = SHARED / "us-cms-2022-0163" / "notice.txt"
SCHEMES = {
    "protocol": samples.PROTOCOL_SCHEME,
    "notice": samples.NOTICE_SCHEME,
    "act": samples.ACT_SCHEME,
}


def main() -> int:
    document, heads = long_document()
    wall, cpu = [], []
    for _time in range(TIMES):
        found, seconds, spent = timed(document)
        wall.append(seconds)
        cpu.append(spent)
    printed = [(part.level, part.label, part.heading) for part in found]
    right = 100 * sum(map(tuple.__eq__, printed, heads)) / len(heads)
    words = sum(len(part.text.split()) for part in found)
    print(f"long document: {len(found)} parts, {words} words, {len(document) // 1024} KB")
    reached = [
        report("long document, wall, median of 3", statistics.median(wall), SECONDS, unit="s"),
        report("long document, CPU of the child, median of 3", statistics.median(cpu), 5, unit="s"),
        report("long document: headings and numbers right", right, 100, unit="%", at_least=True),
    ]
    for name, text in sources():
        reached += compared(name, text)
    return 0 if all(reached) else 1


def long_document() -> tuple[bytes, list[tuple[int, str, str]]]:
    """Return the document, and the headings it prints."""
    chance = random.Random(SEED)
    words = PROTOCOL.read_text(encoding="utf-8").split()
    document = docx.Document()
    levels = [("upperRoman", "Chapter %1"), ("decimal", "Article %2", '<w:lvlRestart w:val="0"/>')]
    number = samples.numbered(document, *levels)
    clauses = ("decimal", "%1."), ("lowerLetter", "(%2)")
    samples.numbered(document, *clauses, number=2)
    each = WORDS // (CHAPTERS * ARTICLES * CLAUSES)
    heads = []
    for chapter in range(CHAPTERS):
        headed(document, heads, f"On matter {chapter}", number, 1)
        for article in range(ARTICLES):
            headed(document, heads, f"Duty {chapter}-{article}", number, 2)
            restarted = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
            at = 100 + len(heads)
            own = samples.numbered(document, number=at, abstract=102, overrides=restarted)
            for clause in range(CLAUSES):
                text = " ".join(chance.choices(words, k=each))
                samples.put_in(document.add_paragraph(text), own, int(clause % 3 == 1))
    return samples.package(document).getvalue(), heads


def headed(document, heads, words, number, level) -> None:
    samples.put_in(document.add_heading(words, level), number, level - 1)
    place = sum(1 for known, _label, _words in heads if known == level) + 1
    label = f"Article {place}" if level == 2 else f"Chapter {samples.ROMAN[place - 1]}"
    heads.append((level, label, words))


def timed(document: bytes):
    """Return the parts of a document, and the seconds on the wall and of the child's CPU."""
    with tempfile.TemporaryFile() as source:
        source.write(document)
        source.seek(0)
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        found = confining.split(source, "DOCX")
        seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return found, seconds, spent


def sources():
    yield "protocol", PROTOCOL.read_text(encoding="utf-8")
    yield "act", samples.PLAIN_WRITING_ACT
    if NOTICE.exists():
        yield "notice", NOTICE.read_text(encoding="utf-8")
    else:
        print("notice: left out, the shared data is not here")


def compared(name: str, text: str) -> list[bool]:
    """Report, for each route, how many parts have their number, heading, level and words."""
    parts = [part for part in split_markdown(text) if part.label or part.key]
    reached = []
    for route in samples.ROUTES:
        made = samples.made(parts, "Name of it", route, SCHEMES[name]).getvalue()
        found, _seconds, _spent = timed(made)
        pairs = zip(map(shape, parts), map(shape, found), strict=False)
        right = sum(1 for ours, theirs in pairs if ours == theirs)
        share = 100 * right / max(len(parts), len(found))
        reached.append(report(f"{name}, {route}: parts right", share, 100, unit="%", at_least=True))
    return reached


def shape(part):
    words = "".join(character for character in part.text if character.isalnum())
    return part.level, part.label, part.heading, words


if __name__ == "__main__":
    sys.exit(main())
