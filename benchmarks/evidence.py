"""Evidence selection on recorded statements, beside LexRank in the same run."""

import argparse
import csv
import gzip
import json
import os
import re
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from apps.analysis.evidence import Evidence, select_evidence  # noqa: E402

DATA = Path(os.environ.get("PLENARY_SHARED_DATA", ROOT.parent / "shared" / "data"))
FOLDER = DATA / "polis" / "bowling-green-2018"
QUOTA = 10
THRESHOLD = 20  # statements from which a group is owed its quota


def statements() -> tuple[list[str], NDArray[np.int64]]:
    """Return the statements and the opinion group of their authors, for want of stakeholders."""
    tables = []
    for name in ("comments", "participants"):
        with gzip.open(FOLDER / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as source:
            tables.append(list(csv.DictReader(source)))
    group_of = {row["participant"]: row["group-id"] for row in tables[1]}
    groups = [int(group_of.get(row["author-id"]) or 2) for row in tables[0]]
    return [row["comment-body"] for row in tables[0]], np.array(groups)


def features(texts: list[str]) -> sparse.csr_matrix:
    vectoriser = TfidfVectorizer(sublinear_tf=True, min_df=2, max_df=0.3, stop_words="english")
    return vectoriser.fit_transform(texts).tocsr()


def ours(texts: list[str], groups: NDArray[np.int64]) -> tuple[Evidence, float, float]:
    """Return the picks and the CPU seconds with and without the features."""
    begun = time.process_time()
    matrix = features(texts)
    between = time.process_time()
    found = select_evidence(matrix, groups, quota=QUOTA)
    ended = time.process_time()
    return found, ended - begun, ended - between


class Words:
    """Stands in for the library's tokenizer, which fetches its data from the network."""

    def to_sentences(self, text: str) -> tuple[str, ...]:
        return (text,)

    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(re.findall(r"[^\W\d_]+", text.lower()))


def lexrank(texts: list[str], count: int) -> tuple[list[int], float]:
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.summarizers.lex_rank import LexRankSummarizer

    begun = time.process_time()
    words = Words()
    sentences = [Sentence(text, words) for text in texts]
    summarizer = LexRankSummarizer()
    chosen = summarizer(ObjectDocumentModel([Paragraph(sentences)]), count)
    spent = time.process_time() - begun
    place = {id(sentence): row for row, sentence in enumerate(sentences)}
    return [place[id(sentence)] for sentence in chosen], spent


def figures(
    matrix: sparse.csr_matrix, picks: list[int], groups: NDArray[np.int64]
) -> dict[str, float]:
    """Measure any picks the same way."""
    unit = matrix.toarray()
    best = (unit @ unit[picks].T).max(axis=1)
    pairs = (unit[picks] @ unit[picks].T)[np.triu_indices(len(picks), 1)]
    return {
        "coverage": float(best.mean()),
        "worst group": min(float(best[groups == g].mean()) for g in np.unique(groups)),
        "redundancy": float(pairs.mean()),
        "largest pair": float(pairs.max()),
        "smallest share of picks": min(
            float((groups[picks] == g).mean()) for g in np.unique(groups)
        ),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=900, help="statements at most")
    options = parser.parse_args()
    if not FOLDER.exists():
        print(f"the recorded statements are not in {FOLDER}: not measured", file=sys.stderr)
        return 1
    texts, groups = statements()
    texts, groups = texts[: options.count], groups[: options.count]
    ours(texts, groups)  # imports and caches
    runs = [ours(texts, groups) for _ in range(3)]
    own = statistics.median(spent for _, spent, _ in runs)
    selection = statistics.median(spent for _, _, spent in runs)
    found = runs[0][0]
    picks = np.concatenate(list(found.picks.values())).tolist()
    peer_picks, peer = lexrank(texts, len(picks))
    matrix = features(texts)
    mine, theirs = figures(matrix, picks, groups), figures(matrix, peer_picks, groups)
    print(f"{len(texts)} statements, {len(picks)} picks, {len(found.dissent)} more for dissent")
    print(f"own {own:.4f} CPU s with features, {selection:.4f} without; LexRank {peer:.3f}")
    for name in mine:
        print(f"{name:<26} own {mine[name]:.3f}   LexRank {theirs[name]:.3f}")
    owed = [int(g) for g in np.unique(groups) if (groups == g).sum() >= THRESHOLD]
    met = sum(len(found.picks[g]) == QUOTA for g in owed)
    rows = [
        ("times less CPU than LexRank", peer / own, 100, peer / own >= 100),
        ("groups with their quota", met, len(owed), met == len(owed)),
    ]
    for name, value, target, is_reached in rows:
        print(f"{name:<40} {value:>10.3f}  target {target:<6} "
              f"{'reached' if is_reached else 'missed'}")  # fmt: skip
    keys = ("figure", "value", "target", "reached")
    table = [
        dict(zip(keys, (n, round(float(v), 4), t, bool(r)), strict=True)) for n, v, t, r in rows
    ]
    print(json.dumps(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
