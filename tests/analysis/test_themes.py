import csv
import gzip
import os
import warnings
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from apps.analysis.features import text_features
from apps.analysis.themes import LEAST_FIT, assign_by_examples, propose_themes

DATA = Path(
    os.environ.get("PLENARY_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data")
)
TOPICS = {
    "verification": "inspectors visit data centres chips meters satellite evidence audits",
    "threshold": "signatories parties number compute share accession entry quorum",
    "safeguards": "small hospitals researchers medicine exemptions access students startups",
}


def recorded(path):
    if not (DATA / path).exists():
        pytest.skip(f"recorded data not found: {DATA / path} (set PLENARY_SHARED_DATA)")
    with gzip.open(DATA / path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def planted(sizes=(30, 20, 10), seed=3):
    random = np.random.default_rng(seed)
    texts, truth = [], []
    for topic, (name, size) in enumerate(zip(TOPICS, sizes, strict=True)):
        words = TOPICS[name].split()
        for _ in range(size):
            texts.append(f"We raise {name}: " + ", ".join(random.choice(words, 4, replace=False)))
            truth.append(topic)
    order = random.permutation(len(texts))
    return [texts[i] for i in order], np.array(truth)[order]


def test_planted_themes_are_found_in_order_of_size():
    texts, truth = planted()
    found = propose_themes(text_features(texts), most=6, k=3)
    assert adjusted_rand_score(truth, found.assignment) > 0.9
    assert np.bincount(found.assignment[found.assignment >= 0]).tolist() == [30, 20, 10]
    for topic, name in enumerate(TOPICS):
        assert {*found.label_terms[topic]} & {name, *TOPICS[name].split()}


def test_the_number_of_themes_is_the_largest_that_is_stable_enough():
    found = propose_themes(text_features(planted((40, 40, 40))[0]), most=6)
    assert set(found.stability) == {2, 3, 4, 5, 6}
    assert all(0 <= value <= 1 for value in found.stability.values())
    best = max(found.stability.values())
    assert found.k == max(k for k, v in found.stability.items() if v >= 0.7 * best)
    assert found.stability[3] == pytest.approx(best, abs=0.25)


def test_a_text_that_shares_nothing_fits_no_theme():
    texts, _ = planted()
    found = propose_themes(text_features([*texts, "", "zebra"]), k=3)
    assert found.assignment[-2:].tolist() == [-1, -1]
    assert found.weights[-2:].max() < LEAST_FIT


def test_exemplars_belong_to_their_theme_and_differ():
    texts, _ = planted()
    features = text_features([*texts, *texts[:5] * 3])
    found = propose_themes(features, k=3)
    for theme, rows in enumerate(found.exemplars):
        assert len(rows) == len(set(rows)) == 3
        assert (found.assignment[list(rows)] == theme).all()
        for one, other in combinations(rows, 2):
            assert (features.matrix[[one]] @ features.matrix[[other]].T).sum() < 0.8


def test_a_label_shares_no_word_and_prefers_the_phrase():
    fillers = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath"] * 2
    texts = [f"The national directory must {word} providers" for word in fillers] + [
        f"Opening hours of {word} libraries matter" for word in fillers
    ]
    found = propose_themes(text_features(texts, most_share=0.6), k=2)
    for label in found.label_terms:
        words = [word for term in label for word in term.lower().split()]
        assert len(words) == len(set(words))
    every = {term for label in found.label_terms for term in label}
    assert "national directory" in every
    assert not {"national", "directory"} & every


def test_labels_hold_no_numbers_masks_or_empty_words():
    texts = [f"[submitter name] 1557 2023 important monitoring of lab {i % 7}" for i in range(30)]
    texts += [f"important 42 access to markets {i % 5} [email removed]" for i in range(30)]
    found = propose_themes(text_features(texts, most_share=1.0))
    terms = {term.lower() for label in found.label_terms for term in label}
    assert terms
    assert not any(t.isdigit() or "submitter" in t or "removed" in t for t in terms)
    assert "important" not in terms


@pytest.mark.parametrize(
    "texts", [[], [""], ["one text alone"], ["a pause", "a quorum"], ["", "", ""], ["x y"] * 2]
)
def test_very_few_texts_have_no_theme(texts):
    found = propose_themes(text_features(texts))
    assert found.k == 0
    assert found.weights.shape == (len(texts), 0)
    assert found.assignment.tolist() == [-1] * len(texts)


def test_few_texts_that_share_terms_are_one_theme():
    texts = ["The pause needs inspectors", "Inspectors for the pause", "A pause", "", "Zebra"]
    found = propose_themes(text_features(texts))
    assert found.k == 1
    assert found.assignment.tolist() == [0, 0, 0, -1, -1]
    assert {term.lower() for term in found.label_terms[0]} & {"pause", "inspectors"}


def test_no_more_themes_are_asked_for_than_there_are_terms():
    texts = ["pause", "labs", "quorum"] * 10
    found = propose_themes(text_features(texts), k=30)
    assert 1 <= found.k <= 3


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["pause", "verify labs", "pause labs", "", "quorum of parties", "无法核查"]
        ),
        max_size=40,
    ),
    st.sampled_from([None, 1, 2, 5, 30]),
)
def test_any_texts_are_placed_or_left_out(texts, k):
    features = text_features(texts)
    found = propose_themes(features, k=k)
    assert found.weights.shape == (len(texts), found.k)
    assert np.isfinite(found.weights).all()
    assert (found.weights >= 0).all()
    assert len(found.terms) == len(found.label_terms) == len(found.exemplars) == found.k
    assert set(found.assignment.tolist()) <= {-1, *range(found.k)}
    sizes = [int((found.assignment == n).sum()) for n in range(found.k)]
    assert sizes == sorted(sizes, reverse=True)
    assert 0 not in sizes


def test_the_same_texts_give_the_same_themes_without_warnings():
    features = text_features(planted()[0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one, other = propose_themes(features), propose_themes(features)
    assert one.stability == other.stability
    assert one.label_terms == other.label_terms
    assert (one.weights == other.weights).all()


def test_many_texts_are_placed_in_themes_of_a_sample(monkeypatch):
    monkeypatch.setattr("apps.analysis.themes.FIT_ROWS", 60)
    texts, truth = planted((120, 80, 40))
    found = propose_themes(text_features(texts), k=3)
    assert adjusted_rand_score(truth, found.assignment) > 0.9


def test_chinese_texts_have_themes_named_by_words():
    random = np.random.default_rng(1)
    ends = ["立即执行", "公开报告", "年度评估", "独立专家", "国际合作"]
    texts = [f"数据中心核查由{random.choice(ends)}" for _ in range(20)]
    texts += [f"中小企业豁免由{random.choice(ends)}" for _ in range(20)]
    found = propose_themes(text_features(texts, language="zh", most_share=0.6), k=2)
    assert adjusted_rand_score([0] * 20 + [1] * 20, found.assignment) > 0.9
    assert all(len(term) >= 2 for label in found.label_terms for term in label)


def test_ten_examples_teach_a_theme_and_nine_do_not():
    texts, truth = planted()
    features = text_features(texts)
    rows = {topic: np.flatnonzero(truth == topic).tolist() for topic in range(3)}
    taught = {4: rows[0][:10], 9: rows[1][:10], 2: rows[2][:9]}
    placed = assign_by_examples(features, taught)
    assert (placed[rows[0]] == 4).all()
    assert (placed[rows[1]] == 9).all()
    assert (placed[rows[2][:9]] == 2).all()
    assert placed[rows[2][9]] != 2


def test_without_examples_nothing_is_placed():
    assert assign_by_examples(text_features(["a pause"]), {}).tolist() == [-1]


def test_recorded_conversations_are_told_apart_better_than_by_plain_tf_idf():
    rows = recorded("statements-by-conversation/statements.csv.gz")
    features = text_features([row["text"] for row in rows])
    labels = [row["conversation"] for row in rows]
    runs = [propose_themes(features, k=12, random_state=s).weights.argmax(axis=1) for s in (0, 1)]
    assert normalized_mutual_info_score(labels, runs[0]) >= 0.31
    assert adjusted_rand_score(*runs) >= 0.63


def test_recorded_german_statements_have_german_labels():
    rows = recorded("polis/austria-klimarat-konsum-2022/comments.csv.gz")
    found = propose_themes(text_features([r["comment-body"] for r in rows], language="de"))
    assert found.k >= 2
    words = {w.lower() for label in found.label_terms for term in label for w in term.split()[:1]}
    assert not words & {"und", "die", "nicht", "wir", "sollen"}
