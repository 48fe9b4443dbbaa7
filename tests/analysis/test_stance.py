import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from apps.analysis.stance import (
    Stance,
    agreement_a,
    group_divergence,
    stance_table,
    weighted_shares,
)
from apps.analysis.suppression import suppress_small

SCALES = st.integers(3, 7).flatmap(lambda k: st.lists(st.integers(0, 50), min_size=k, max_size=k))


def table_of(*rows):
    """Rows of counts in the order of Stance."""
    stances, groups = [], []
    for number, row in enumerate(rows):
        for stance, count in zip(Stance, row, strict=True):
            stances += [stance] * count
            groups += [f"g{number}"] * count
    return stance_table(stances, groups, order=[f"g{n}" for n in range(len(rows))])


def test_agreement_of_the_published_example():
    # Manual of the R package agrmt, example of agreement().
    assert agreement_a([30, 40, 210, 130, 530, 50, 10]) == pytest.approx(0.6113333, abs=1e-7)


@pytest.mark.parametrize(
    ("counts", "agreement"),
    [
        ([0, 7, 0], 1.0),
        ([4, 4, 4, 4], 0.0),
        ([5, 0, 0, 5], -1.0),
        ([5, 0, 5], -1.0),
        ([3, 3, 0], 0.5),  # (1 - (2 - 1)/(3 - 1)) * 1
        ([2, 2, 0, 0], 2 / 3),  # (1 - (2 - 1)/(4 - 1)) * 1
        ([4, 2, 0], 0.5 * 4 / 6 + 1.0 * 2 / 6),  # a layer of two positions, then one
    ],
)
def test_agreement_worked_by_hand(counts, agreement):
    assert agreement_a(counts) == pytest.approx(agreement)


def test_nobody_agrees_on_nothing():
    assert math.isnan(agreement_a([0, 0, 0, 0]))


@pytest.mark.parametrize("counts", [[1, 2], [], [1, -1, 1], [1, math.inf, 1], [[1, 2, 3]]])
def test_agreement_refuses_what_is_no_ordered_scale(counts):
    with pytest.raises(ValueError, match="scale|counts"):
        agreement_a(counts)


@given(SCALES.filter(any), st.integers(2, 9))
def test_agreement_is_bounded_symmetric_and_free_of_size(counts, times):
    agreement = agreement_a(counts)
    assert -1 - 1e-9 <= agreement <= 1 + 1e-9
    assert agreement_a(counts[::-1]) == pytest.approx(agreement)
    assert agreement_a([times * n for n in counts]) == pytest.approx(agreement)


def test_divergence_worked_by_hand():
    # Three people at either end, smoothed by a quarter of a person per position:
    # shares (3.25, .25, .25, .25)/4; cumulated difference .75 at each of three steps.
    found = group_divergence([[3, 0, 0, 0], [0, 0, 0, 3]])
    assert found.mean == found.maximum == pytest.approx(0.75)
    assert found.pair == (0, 1)


def test_divergence_names_the_farthest_pair():
    found = group_divergence([[50, 0, 0, 0], [0, 50, 0, 0], [0, 0, 0, 50]])
    assert found.pair == (0, 2)
    assert found.mean < found.maximum


def test_a_group_of_one_does_not_look_extreme():
    small = group_divergence([[1, 0, 0, 0], [0, 0, 0, 1]]).maximum
    large = group_divergence([[100, 0, 0, 0], [0, 0, 0, 100]]).maximum
    assert small == pytest.approx(0.5)
    assert large > 0.98


@pytest.mark.parametrize("counts", [[], [[1, 2, 3]]])
def test_fewer_than_two_groups_do_not_diverge(counts):
    table = np.array(counts, dtype=float).reshape(len(counts), -1) if counts else np.zeros((0, 4))
    assert group_divergence(table).maximum == 0


@given(
    arrays(np.int64, st.tuples(st.integers(2, 5), st.integers(2, 5)), elements=st.integers(0, 30))
)
def test_divergence_is_bounded_and_the_same_from_either_end(counts):
    found = group_divergence(counts)
    mirrored = group_divergence(counts[:, ::-1])
    assert 0 <= found.mean <= found.maximum + 1e-12 <= 1 + 1e-9
    assert mirrored.mean == pytest.approx(found.mean)
    assert mirrored.maximum == pytest.approx(found.maximum)


def test_missing_is_not_neutral():
    table = stance_table([Stance.SUPPORT, None, Stance.CANNOT_SAY], ["a", "a", "a"])
    assert table.ordered.tolist() == [[1, 0, 0, 0]]
    assert table.missing.tolist() == [1]
    assert table.counts[0, Stance.CANNOT_SAY] == 1


def test_groups_come_in_the_asked_order_then_by_name():
    table = stance_table([None, Stance.OPPOSE], ["z", "b"], order=["company"])
    assert table.groups == ("company", "b", "z")
    assert table.counts.sum(axis=1).tolist() == [0, 1, 1]


def test_stances_without_groups_are_refused():
    with pytest.raises(ValueError, match="zip"):
        stance_table([Stance.SUPPORT], [])


def test_both_weightings_stand_side_by_side():
    table = table_of((9, 0, 0, 0, 0, 5), (0, 0, 0, 1, 0, 0), (0, 0, 0, 0, 0, 7))
    shares = weighted_shares(table)
    assert shares.by_person.tolist() == [0.9, 0, 0, 0.1, 0]
    assert shares.by_group.tolist() == [0.5, 0, 0, 0.5, 0]


def test_without_answers_there_are_no_shares():
    shares = weighted_shares(table_of((0, 0, 0, 0, 0, 3)))
    assert np.isnan(shares.by_person).all()
    assert np.isnan(shares.by_group).all()


def test_a_small_cell_and_one_that_guards_it_are_withheld():
    public = suppress_small(table_of((3, 20, 6, 30, 40, 50), (10, 20, 30, 40, 50, 60)))
    assert public.withheld[0, :3].tolist() == [True, False, True]
    assert public.counts[0, 0] == 0
    assert not public.hidden_rows.any()
    # The guards are guarded in their columns too.
    assert public.withheld[1, [0, 2]].tolist() == [True, True]


def test_nothing_small_means_nothing_withheld():
    public = suppress_small(table_of((0, 20, 6, 30, 40, 50)))
    assert not public.withheld.any()
    assert public.counts[0, 0] == 0


def test_named_organisations_are_shown_however_few():
    table = table_of((2, 20, 6, 30, 40, 50))
    named = np.zeros((1, 6), dtype=bool)
    named[0, 0] = True
    public = suppress_small(table, named=named)
    assert not public.withheld.any()
    assert public.counts[0, 0] == 2


def test_the_total_goes_where_no_cell_can_guard():
    named = np.ones((1, 6), dtype=bool)
    named[0, 2] = False
    public = suppress_small(table_of((8, 9, 2, 7, 6, 5)), named=named)
    assert public.withheld.tolist() == [[False, False, True, False, False, False]]
    assert public.hidden_rows.tolist() == [True]
    assert public.hidden_columns[2]


def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="shape"):
        suppress_small(table_of((1, 0, 0, 0, 0, 0)), named=[True])


def reachable(table, public, cell):
    """Return the least and greatest number the cell can hold, given all that is public."""
    cells = [tuple(c) for c in np.argwhere(public.withheld)]
    sums, totals = [], []
    for axis, hidden in ((0, public.hidden_rows), (1, public.hidden_columns)):
        for line in np.flatnonzero(~hidden):
            sums.append([float(c[axis] == line) for c in cells])
            totals.append(sum(table.counts[c] for c in cells if c[axis] == line))
    ends = []
    for sign in (1, -1):
        cost = [sign * float(c == cell) for c in cells]
        bounds = [(0, 1_000)] * len(cells)
        found = linprog(cost, A_eq=sums or None, b_eq=totals or None, bounds=bounds)
        ends.append(sign * found.fun)
    return ends


@given(
    arrays(np.int64, st.tuples(st.integers(1, 4), st.just(6)), elements=st.integers(0, 9)),
    st.randoms(use_true_random=False),
)
def test_no_withheld_cell_follows_from_what_is_public(counts, chance):
    table = table_of(*counts.tolist())
    named = np.array([[chance.random() < 0.2 for _ in range(6)] for _ in counts])
    public = suppress_small(table, named=named)
    small = (counts > 0) & (counts < 5) & ~named
    assert (public.withheld | ~small).all()
    assert not (public.withheld & named).any()
    assert (public.counts[~public.withheld] == counts[~public.withheld]).all()
    for row, column in np.argwhere(public.withheld):
        least, greatest = reachable(table, public, (row, column))
        assert greatest - least >= 1 - 1e-6
    for axis, hidden in ((1, public.hidden_rows), (0, public.hidden_columns)):
        remainder = np.where(public.withheld, counts, 0).sum(axis=axis)
        assert (hidden | (remainder >= 5) | ~public.withheld.any(axis=axis)).all()
