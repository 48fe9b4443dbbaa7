"""Finds anchored phrases again in an edited document: how many rightly, and how fast.

A document of 200 provisions is made of the words of the demo protocol, with a fixed seed. Around
each of 1,000 phrases the document is edited in one of five ways, so that what is right is known.
"""

import random
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from measure import report  # noqa: E402

from apps.analysis.anchoring import locate, occurrences, phrase_at  # noqa: E402

PROVISIONS, PHRASES, SEED = 200, 1_000, 7
SOURCE = ROOT / "apps/consultations/demo/pause-protocol.md"
EDITS = ("kept", "before", "changed", "moved", "deleted")


def main() -> None:
    chance = random.Random(SEED)
    words = SOURCE.read_text(encoding="utf-8").split()
    old = [" ".join(chance.choices(words, k=120)) for _ in range(PROVISIONS)]
    asked = []
    for number in range(PHRASES):
        place = chance.randrange(PROVISIONS)
        tokens = old[place].split()
        first = chance.randrange(len(tokens) - 12)
        quote = " ".join(tokens[first : first + chance.randint(6, 12)])
        if len(occurrences(quote, old[place])) == 1:
            start, end = occurrences(quote, old[place])[0]
            asked.append((EDITS[number % len(EDITS)], place, phrase_at(old[place], start, end)))
    right: Counter[str] = Counter()
    begun = time.process_time()
    for edit, place, phrase in asked:
        new, others = edited(edit, place, phrase, old, chance)
        found = locate(phrase, new, others)
        right[edit] += is_right(edit, found)
    spent = time.process_time() - begun
    total = Counter(edit for edit, _place, _phrase in asked)
    for edit in EDITS:
        share = 100 * right[edit] / total[edit]
        report(f"{edit}: rightly found or missed", share, 95, unit="%", at_least=True)
    report(f"{len(asked)} phrases in {PROVISIONS} provisions, CPU", spent, 10, unit="s")


def edited(edit, place, phrase, old, chance):
    """Return the provision after the edit, and the others."""
    text, others = old[place], old[:place] + old[place + 1 :]
    if edit == "before":
        text = f"In every case and without exception, {text}"
    if edit == "changed":
        tokens = phrase.quote.split()
        tokens[len(tokens) // 2] = "otherwise"
        text = text.replace(phrase.quote, " ".join(tokens))
    if edit in ("moved", "deleted"):
        text = text.replace(phrase.quote, "")
    if edit == "moved":
        there = chance.randrange(len(others))
        others[there] = f"{others[there]} {phrase.prefix} {phrase.quote} {phrase.suffix}"
    return text, others


def is_right(edit, found) -> bool:
    if edit == "deleted":
        return found is None
    if found is None:
        return False
    if edit == "moved":
        return found.place > 0
    return found.place == 0 and found.is_exact == (edit != "changed")


if __name__ == "__main__":
    main()
