"""The room: eight benches of one size; no group is drowned by the number of another."""

import pytest

from apps.accounts.groups import StakeholderGroup
from apps.submissions import seating


@pytest.mark.parametrize("most", [0, 1, 23, 24, 36, 50, 51, 649, 60_000, 4_000_000])
def test_every_group_keeps_its_bench_and_all_marks_fit_on_it(most):
    benches = seating.benches({"civil": most, "union": 1})
    assert [bench.group for bench in benches] == StakeholderGroup.values
    assert all(len(bench.seats) <= seating.MOST_SEATS for bench in benches)
    assert len(benches[5].seats) == 1
    assert bool(benches[1].seats) == bool(most)
    for bench in benches:
        for x, y in bench.seats:
            assert 0 <= x <= seating.WIDTH
            assert 0 <= y <= seating.HEIGHT


def test_a_mark_stands_for_more_where_a_bench_would_overflow():
    assert seating.per_mark({"civil": 50}) == 1
    assert seating.per_mark({"civil": 51}) == 2
    assert len(seating.benches({"civil": 51})[1].seats) == 26
