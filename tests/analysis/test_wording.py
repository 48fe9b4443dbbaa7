"""Word differences: by hand, and the property that both texts can be read back out of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.analysis.wording import compare


def runs(before, after):
    return [(change.kind, change.text) for change in compare(before, after).changes]


def side(comparison, kind):
    return "".join(c.text for c in comparison.changes if c.kind in ("same", kind))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "The pause begins when the Panel confirms it.",
            "The pause begins within 24 hours after the Panel confirms it.",
            [
                ("same", "The pause begins "),
                ("out", "when"),
                ("in", "within 24 hours after"),
                ("same", " the Panel confirms it."),
            ],
        ),
        ("same", "same", [("same", "same")]),
        ("", "new", [("in", "new")]),
        ("old", "", [("out", "old")]),
        ("", "", []),
        (
            "暂停从宣布之日起开始",
            "暂停从确认之日起开始",
            [
                ("same", "暂停从"),
                ("out", "宣布"),
                ("in", "确认"),
                ("same", "之日起开始"),
            ],
        ),
        (
            "10 to the power of 25 operations",
            "10 to the power of 26 operations",
            [
                ("same", "10 to the power of "),
                ("out", "25"),
                ("in", "26"),
                ("same", " operations"),
            ],
        ),
    ],
)
def test_by_hand(before, after, expected):
    assert runs(before, after) == expected


def test_a_word_that_happens_to_recur_does_not_break_a_change_in_two():
    assert runs("a cat of the house sat still here", "a dog of my garden sat still here") == [
        ("same", "a "),
        ("out", "cat of the house"),
        ("in", "dog of my garden"),
        ("same", " sat still here"),
    ]


def test_it_counts_words_and_says_how_much_stays():
    found = compare("one two three four five six", "one two 3 four five six seven")
    assert (found.words("out"), found.words("in")) == (1, 2)
    assert 0.5 < found.kept < 1
    assert compare("", "").kept == 1
    assert compare("abc", "xyz").kept == 0


words = st.lists(st.sampled_from(["the", "pause", "begins", "Panel", "24", ",", "\n", "停", " "]))


@given(words, words, st.text(max_size=20))
def test_both_texts_can_be_read_back(before, after, noise):
    old, new = " ".join(before) + noise, " ".join(after)
    found = compare(old, new)
    assert side(found, "out") == old
    assert side(found, "in") == new
    kinds = [change.kind for change in found.changes]
    assert all(a != b for a, b in zip(kinds, kinds[1:], strict=False))
