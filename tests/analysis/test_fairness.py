"""Whether a group is touched more often than the rest: worked by hand, and never by a few cases."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.analysis.fairness import compare_shares

SIZES = st.integers(min_value=0, max_value=60)
PAIRS = SIZES.flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size)))
GROUPS = st.dictionaries(st.sampled_from("abcdefgh"), PAIRS, max_size=8)


def test_two_groups_worked_by_hand():
    """Of 8, 4 touched, all of them of one group of 4: 2 of the 70 ways are as far apart."""
    found = compare_shares({"a": (4, 4), "b": (0, 4)})
    assert found["a"].p == pytest.approx(2 * 2 / comb(8, 4))
    assert (found["a"].share, found["a"].share_of_rest) == (1.0, 0.0)


def test_a_group_that_is_touched_much_more_often_stands_out_and_no_other_does():
    found = compare_shares({"civil": (40, 200), "company": (10, 200), "research": (8, 200)})
    assert [group for group, one in found.items() if one.is_clearly_more] == ["civil"]


def test_a_group_that_is_touched_less_often_is_not_said_to_be_touched_more():
    found = compare_shares({"civil": (0, 200), "company": (30, 200)})
    assert found["civil"].p < 0.05
    assert not found["civil"].is_clearly_more


def test_few_cases_say_nothing_however_small_the_group():
    found = compare_shares({"civil": (1, 2), "company": (0, 300), "research": (1, 300)})
    assert not any(one.is_clearly_more for one in found.values())


def test_asking_of_many_groups_makes_each_answer_more_careful():
    two = compare_shares({"a": (7, 20), "b": (7, 60)})
    many = compare_shares({"a": (7, 20), **dict.fromkeys("bcdefg", (1, 10)), "h": (1, 0 + 1)})
    assert two["a"].p < many["a"].p


@pytest.mark.parametrize("counts", [{}, {"a": (0, 0)}, {"a": (3, 9)}, {"a": (3, 9), "b": (0, 0)}])
def test_without_anybody_to_compare_with_nothing_is_said(counts):
    assert compare_shares(counts) == {}


@pytest.mark.parametrize("pair", [(3, 2), (-1, 2)])
def test_more_touched_than_there_are_is_an_error(pair):
    with pytest.raises(ValueError, match="touched"):
        compare_shares({"a": pair, "b": (1, 2)})


@given(GROUPS)
def test_every_answer_is_a_chance_and_equal_shares_are_never_clear(counts):
    for one in compare_shares(counts).values():
        assert 0 <= one.p <= 1 + 1e-9
        assert not (one.is_clearly_more and one.share <= one.share_of_rest)
