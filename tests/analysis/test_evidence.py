import csv
import gzip
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from apps.analysis.evidence import select_evidence, uncited_share

SHARED = Path(
    os.environ.get("PLENARY_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")
)


def rows(*values):
    return sparse.csr_matrix(np.array(values, dtype=float))


@st.composite
def corpora(draw):
    """Small whole weights, so that copies and near-copies are common."""
    n, terms = draw(st.integers(1, 14)), draw(st.integers(1, 5))
    cells = st.lists(st.integers(0, 3), min_size=terms, max_size=terms)
    matrix = np.array(draw(st.lists(cells, min_size=n, max_size=n)), dtype=float)
    groups = np.array(draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n)))
    candidates = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    return matrix, groups, candidates


def directions(matrix):
    """Return how many different directions the non-zero rows have."""
    norm = np.linalg.norm(matrix, axis=1)
    unit = matrix[norm > 0] / norm[norm > 0, None]
    kept = []
    for row in unit:
        if all(row @ other <= 1 - 1e-6 for other in kept):
            kept.append(row)
    return len(kept)


def cosine(a, b):
    return a @ b / (np.linalg.norm(a) * np.linalg.norm(b))


def test_the_first_pick_by_hand():
    # Group 0 has masses 3, 1, 0; group 1 has 0, 1, 4. Weights of group 0: sqrt(3)(0.5 + 1) and
    # 1(0.5 + 0.5); so row 0 gains 2.598, row 1 (2.598 * sqrt 2 + 1) / sqrt 2, row 2 below.
    features = rows([1, 0, 0], [2, 1, 0], [0, 0, 4], [0, 1, 0])
    found = select_evidence(features, np.array([0, 0, 1, 1]), quota=1)
    assert found.picks[0].tolist() == [1]
    assert found.gains[0][0] == pytest.approx((1.5 * 3**0.5 * 2**0.5 + 1) / 2**0.5)
    assert found.picks[1].tolist() == [2]
    assert found.gains[1][0] == pytest.approx(1.5 * 2 * 2)


def test_a_small_group_gets_its_quota_beside_a_large_one():
    chance = np.random.default_rng(1)
    features = sparse.random(500, 60, 0.1, format="csr", random_state=chance)
    groups = np.array([1] * 12 + [0] * 488)
    found = select_evidence(features, groups, quota=8)
    assert len(found.picks[0]) == len(found.picks[1]) == 8
    assert found.worst_group_coverage == min(found.group_coverage.values())


def test_a_quota_may_differ_by_group():
    features = sparse.csr_matrix(np.eye(6))
    found = select_evidence(features, np.array([0, 0, 0, 1, 1, 2]), quota={0: 2, 1: 1})
    assert {group: len(picks) for group, picks in found.picks.items()} == {0: 2, 1: 1, 2: 0}


def test_a_near_copy_waits_until_nothing_else_is_left():
    features = rows([9, 9, 0.0], [9, 8, 0], [0, 0, 0.1], [9, 9, 0])
    one = np.zeros(4, int)
    assert set(select_evidence(features, one, quota=2).picks[0]) - {1} == {0, 2}
    assert sorted(select_evidence(features, one, quota=4).picks[0].tolist()) == [0, 1, 2]


def test_only_candidates_are_picked_but_everybody_is_covered():
    features = rows([1, 0], [1, 0], [0, 1])
    found = select_evidence(
        features, np.zeros(3, int), quota=3, candidates=np.array([False, True, False])
    )
    assert found.picks[0].tolist() == [1]
    assert found.coverage == pytest.approx(2 / 3)


def test_long_texts_pay_for_their_length():
    features = rows([1, 1, 0], [0, 1, 1])
    groups = np.zeros(2, int)
    assert select_evidence(features, groups, quota=1, lengths=np.array([9.0, 4.0])).picks[0] == [1]
    assert select_evidence(features, groups, quota=1, lengths=np.array([4.0, 9.0])).picks[0] == [0]


def test_the_largest_unheard_cluster_has_a_speaker():
    features = rows([5, 0, 0, 0], *[[4, 1, 0, 0]] * 6, *[[0, 0, 1, 0.2]] * 3, [0, 0, 0, 1])
    found = select_evidence(features, np.zeros(11, int), quota=1)
    assert found.dissent == {0: 7}


def test_a_given_clustering_decides_who_dissents():
    features = rows([3, 0], [2, 0], [1, 1], [0, 1], [0, 2])
    stances = np.array([1, 1, 2, 2, -1])
    found = select_evidence(features, np.zeros(5, int), quota=1, dissent=stances)
    assert stances[found.picks[0]].tolist() == [1]
    assert stances[found.dissent[0]] == 2


def test_no_dissent_where_everybody_is_spoken_for():
    found = select_evidence(rows([1, 0], [1, 0], [2, 0]), np.zeros(3, int), quota=1)
    assert found.dissent == {}


def test_nothing_in_nothing_out():
    found = select_evidence(sparse.csr_matrix((0, 4)), np.zeros(0, int), quota=3)
    assert found.picks == found.dissent == {}
    assert found.coverage == found.worst_group_coverage == found.max_pair == 0
    blank = select_evidence(sparse.csr_matrix((3, 4)), np.zeros(3, int), quota=3)
    assert blank.picks[0].tolist() == []


def test_impossible_features_are_refused():
    with pytest.raises(ValueError, match="not negative"):
        select_evidence(rows([1, -1]), np.zeros(1, int), quota=1)
    with pytest.raises(ValueError, match="finite"):
        select_evidence(rows([1, np.nan]), np.zeros(1, int), quota=1)
    with pytest.raises(ValueError, match="a row each"):
        select_evidence(rows([1, 1]), np.zeros(2, int), quota=1)


def test_uncited_share_leaves_missing_stances_out():
    stances = np.array([0, 0, 0, 0, 2, 2, -1])
    assert uncited_share(stances, [0, 0, 6]) == {0: 0.75, 2: 1.0}


@settings(deadline=None)
@given(corpora(), st.integers(0, 6))
def test_the_quota_is_met_wherever_so_many_different_texts_exist(corpus, quota):
    matrix, groups, candidates = corpus
    found = select_evidence(sparse.csr_matrix(matrix), groups, quota=quota, candidates=candidates)
    assert set(found.picks) == set(groups[groups >= 0].tolist())
    for group, picks in found.picks.items():
        able = (groups == group) & candidates
        assert len(picks) == len(set(picks.tolist())) == min(quota, directions(matrix[able]))
        assert able[picks].all()
        assert (found.gains[group] > 0).all()
        if group in found.dissent:
            assert able[found.dissent[group]]
            assert found.dissent[group] not in picks


@settings(deadline=None)
@given(corpora(), st.integers(1, 4))
def test_two_picks_are_alike_only_where_there_was_no_alternative(corpus, quota):
    matrix, groups, _ = corpus
    for group, picks in select_evidence(
        sparse.csr_matrix(matrix), groups, quota=quota
    ).picks.items():
        for place, pick in enumerate(picks):
            before = picks[:place]
            if any(cosine(matrix[pick], matrix[other]) > 0.8 + 1e-9 for other in before):
                others = [
                    row
                    for row in np.flatnonzero((groups == group) & matrix.any(axis=1))
                    if row not in picks[: place + 1]
                ]
                assert all(
                    any(cosine(matrix[row], matrix[b]) > 0.8 - 1e-9 for b in before)
                    for row in others
                )


@settings(deadline=None)
@given(corpora())
def test_a_larger_quota_keeps_the_picks_and_never_covers_less(corpus):
    matrix, groups, candidates = corpus
    features = sparse.csr_matrix(matrix)
    runs = [
        select_evidence(features, groups, quota=quota, candidates=candidates)
        for quota in (1, 2, 3, 5)
    ]
    for small, large in zip(runs, runs[1:], strict=False):
        assert large.coverage >= small.coverage - 1e-12
        for group, picks in small.picks.items():
            assert large.picks[group][: len(picks)].tolist() == picks.tolist()
    again = select_evidence(features, groups, quota=5, candidates=candidates)
    assert all(np.array_equal(again.picks[g], runs[-1].picks[g]) for g in again.picks)
    assert again.dissent == runs[-1].dissent


@settings(deadline=None)
@given(corpora(), st.integers(1, 4))
def test_the_lazy_greedy_is_the_greedy(corpus, quota):
    matrix, groups, _ = corpus
    found = select_evidence(sparse.csr_matrix(matrix), groups, quota=quota)
    mass = matrix.sum(axis=0)
    for group, picks in found.picks.items():
        mine = np.flatnonzero((groups == group) & matrix.any(axis=1))
        own = matrix[groups == group].sum(axis=0)
        weight = np.sqrt(own) * (0.5 + np.divide(own, mass, out=np.zeros_like(own), where=mass > 0))
        covered = np.zeros(matrix.shape[1])
        for place, (pick, gain) in enumerate(zip(picks, found.gains[group], strict=True)):
            before = picks[:place]

            def alike(row, before=before):
                return max((cosine(matrix[row], matrix[b]) for b in before), default=0)

            if alike(pick) > 0.79:
                break
            gains = [
                weight @ (np.sqrt(covered + matrix[row]) - np.sqrt(covered))
                / np.sqrt((matrix[row] > 0).sum())
                for row in mine
                if row not in before and alike(row) < 0.79
            ]  # fmt: skip
            assert gain >= max(gains) - 1e-9
            covered += matrix[pick]


def test_recorded_statements_are_covered_better_than_by_taking_any():
    folder = SHARED / "polis" / "bowling-green-2018"
    if not folder.exists():
        pytest.skip(f"the recorded statements are not in {SHARED}")
    tables = []
    for name in ("comments", "participants"):
        with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as source:
            tables.append(list(csv.DictReader(source)))
    group_of = {row["participant"]: row["group-id"] for row in tables[1]}
    groups = np.array([int(group_of.get(r["author-id"]) or 2) for r in tables[0]])
    texts = [row["comment-body"] for row in tables[0]]
    features = TfidfVectorizer(
        sublinear_tf=True, min_df=2, max_df=0.3, stop_words="english"
    ).fit_transform(texts)
    found = select_evidence(features, groups, quota=10)
    assert [len(picks) for picks in found.picks.values()] == [10, 10, 10]
    assert found.max_pair < 0.5
    assert found.worst_group_coverage > 0.19
    assert len(found.dissent) == 3
    chance = np.random.default_rng(0)
    unit = features.toarray()
    anybody = [unit @ unit[chance.choice(len(texts), 30, replace=False)].T for _ in range(10)]
    assert found.coverage > max(each.max(axis=1).mean() for each in anybody)
