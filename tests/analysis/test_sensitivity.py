import csv
import gzip
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from apps.analysis.sensitivity import Dependence, leave_one_out, ways_of_counting

DATA = Path(
    os.environ.get("PLENARY_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data")
)
MEMBERSHIPS = arrays(np.bool_, st.tuples(st.integers(0, 25), st.integers(0, 4)))


def test_shares_and_ranks_worked_by_hand():
    # Six civil texts, five companies, one of no stated group, three campaign letters.
    raised = [[1, 0]] * 6 + [[0, 1]] * 4 + [[0, 0]] + [[1, 0]] + [[0, 1]] * 3
    counted = ways_of_counting(
        raised,
        is_own=[True] * 12 + [False] * 3,
        groups=["civil"] * 6 + ["company"] * 5 + ["other"] + ["individual"] * 3,
        unstated="other",
    )
    assert counted.shares == {
        "every": (46.7, 46.7),
        "own": (58.3, 33.3),
        "groups": (50.0, 40.0),
        "stated": (54.5, 36.4),
    }
    assert counted.ranks == {"every": (1, 2), "own": (1, 2), "groups": (1, 2), "stated": (1, 2)}


def test_groups_below_five_do_not_weigh_as_much_as_large_ones():
    raised = [[0]] * 5 + [[1]] * 4
    counted = ways_of_counting(raised, is_own=[True] * 9, groups=["civil"] * 5 + ["company"] * 4)
    assert counted.shares["groups"] == (0.0,)
    assert counted.shares["stated"] == (44.4,)


def test_a_way_under_which_nothing_counts_is_left_out():
    persons = ways_of_counting(
        [[1], [0]], is_own=[True] * 2, groups=["other"] * 2, unstated="other"
    )
    assert list(persons.shares) == list(persons.ranks) == ["every", "own"]
    letters = ways_of_counting([[1]] * 9, is_own=[False] * 9, groups=["individual"] * 9)
    assert list(letters.shares) == ["every"]
    assert ways_of_counting(np.empty((0, 2)), is_own=[], groups=[]).shares == {}


def test_a_campaign_moves_the_rank_of_its_theme():
    raised = [[1, 0]] * 6 + [[0, 1]] * 3 + [[0, 1]] * 100
    counted = ways_of_counting(
        raised, is_own=[True] * 9 + [False] * 100, groups=["individual"] * 109
    )
    assert counted.ranks["every"] == (2, 1)
    assert counted.ranks["own"] == (1, 2)


def test_a_theme_rests_on_its_most_frequent_organisation():
    found = leave_one_out(
        [[1], [1], [1], [1], [0]], organisations=["Verein B", "Verein B", "", "", "Verein B"]
    )
    assert found == [Dependence("Verein B", n=2, of=4, share=50.0, robust=False)]


def test_a_fifth_is_still_robust_and_ties_go_by_name():
    raised = [[1]] * 10
    found = leave_one_out(raised, organisations=["B", "A", "A", "B"] + [""] * 6)
    assert found == [Dependence("A", n=2, of=10, share=20.0, robust=True)]


def test_a_theme_raised_by_persons_only_rests_on_nobody():
    assert leave_one_out([[1, 0]] * 3, organisations=["", "", ""]) == [None, None]


@pytest.mark.parametrize("membership", [[1, 0], [[1], [0]]])
def test_arrays_that_do_not_fit_are_refused(membership):
    with pytest.raises(ValueError, match="membership"):
        leave_one_out(membership, organisations=["A"])
    with pytest.raises(ValueError, match="membership"):
        ways_of_counting(membership, is_own=[True], groups=["civil"])


@given(MEMBERSHIPS, st.randoms(use_true_random=False))
def test_every_way_gives_shares_and_a_full_ranking(raised, chance):
    n, themes = raised.shape
    counted = ways_of_counting(
        raised,
        is_own=[chance.random() < 0.7 for _ in range(n)],
        groups=[chance.choice(["civil", "company", "other"]) for _ in range(n)],
        unstated="other",
    )
    for way, shares in counted.shares.items():
        ranks = counted.ranks[way]
        assert all(0 <= share <= 100 for share in shares)
        assert sorted(ranks) == list(range(1, themes + 1))
        assert [s for _, s in sorted(zip(ranks, shares, strict=True))] == sorted(shares)[::-1]


@given(MEMBERSHIPS, st.randoms(use_true_random=False))
def test_leaving_out_the_organisation_leaves_what_is_said_to_remain(raised, chance):
    names = [chance.choice(["A", "B", "C", ""]) for _ in range(len(raised))]
    for theme, found in enumerate(leave_one_out(raised, organisations=names)):
        members = [name for name, is_in in zip(names, raised[:, theme], strict=True) if is_in]
        if found is None:
            assert not any(members)
            continue
        assert (found.n, found.of) == (members.count(found.organisation), len(members))
        assert found.n == max(members.count(name) for name in "ABC")
        assert found.robust == (5 * found.n <= found.of)


def test_recorded_comments_rest_on_no_single_organisation():
    path = DATA / "us-cms-2022-0163" / "comments.csv.gz"
    if not path.exists():
        pytest.skip(f"recorded data not found: {path} (set PLENARY_SHARED_DATA)")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    raised = [["gender" in r["text"].lower(), "directory" in r["text"].lower()] for r in rows]
    found = leave_one_out(raised, organisations=[row["organization"] for row in rows])
    assert [one.robust for one in found if one] == [True, True]
    assert [one.of for one in found if one] == np.sum(raised, axis=0).tolist()


def test_verified_authors_are_counted_by_themselves_from_five_on():
    raised = [[1, 0]] * 4 + [[0, 1]] * 2 + [[1, 0]] * 4
    told = {"is_own": [True] * 9 + [False], "groups": ["company"] * 10}
    verified = [True] * 6 + [False] * 3 + [True]
    counted = ways_of_counting(raised, is_verified=verified, **told)
    assert counted.shares["verified"] == (66.7, 33.3), "letters are left out"
    assert counted.ranks["verified"] == (1, 2)
    few = ways_of_counting(raised, is_verified=[True] * 4 + [False] * 6, **told)
    assert "verified" not in few.shares
    with pytest.raises(ValueError, match="one length"):
        ways_of_counting(raised, is_verified=[True], **told)
