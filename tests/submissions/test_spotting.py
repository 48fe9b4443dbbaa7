"""Words are found however a text, an address or the name of a file writes them; spans are exact."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.submissions.spotting import KeptWords


def found(text, *words):
    return [text[start:end] for start, end, _number in KeptWords(words).spans(text)]


@pytest.mark.parametrize(
    ("text", "words", "held"),
    [
        ("The COLD  sea-lab closes.", "cold sea lab", "COLD  sea-lab"),
        ("The labora\u00adtory closes.", "laboratory", "labora\u00adtory"),
        ("The labora-\n tory closes.", "laboratory", "labora-\n tory"),
        ("The labora\u00ad\ntory closes.", "laboratory", "labora\u00ad\ntory"),
        ("The laboratory closes.", "labora-\ntory", "laboratory"),
        ("The cold-\nsea lab closes.", "cold sea lab", "cold-\nsea lab"),
        ("The cold\u200bsea lab\u2060 closes.", "cold sea lab", "cold\u200bsea lab"),
        ("The co\u200dld sea lab closes.", "cold sea lab", "co\u200dld sea lab"),
        ("O\u2019Neill\u2019s lab", "O'Neill's lab", "O\u2019Neill\u2019s lab"),
        ("\u201cQuiet\u201d lab", '"quiet" lab', "\u201cQuiet\u201d lab"),
        ("قال مُخْتَبَر البحر", "مختبر", "مُخْتَبَر"),
        ("قال مختبر البحر", "مُخْتَبَر", "مختبر"),
        ("المختبـــر هنا", "المختبر", "المختبـــر"),
        ("معهد أحمد هنا", "احمد", "أحمد"),
        ("שָׁלוֹם לכם", "שלום", "שָׁלוֹם"),
        ("Ask Zoe\u0301 now.", "Zoe", "Zoe\u0301"),
        ("An as-a-rule", "a-", "a-"),
        ("كتبَ هنا", "كتب", "كتبَ"),
        ("See https://coldsealab.org/a. Or", "cold sea lab", "https://coldsealab.org/a"),
        ("See https://x.org/cold%20sea%20lab!", "cold sea lab", "https://x.org/cold%20sea%20lab"),
        ("Write to Cold.Sea_lab@x.org.", "cold sea lab", "Cold.Sea_lab@x.org"),
        ("We are #ColdSeaLab here", "cold sea lab", "#ColdSeaLab"),
    ],
)
def test_words_are_found_however_they_are_written(text, words, held):
    assert found(text, words) == [held]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A cold day at sea, in a lab.", "cold sea lab"),
        ("See https://x.org/lab, or #ab", "ab c"),
        ("An as a rule", "a-"),
        ("Nothing", "\u0301"),
        ("Nothing", "\u00ad\u200b"),
        ("م ن", "مَ"),
    ],
)
def test_other_words_are_left(text, words):
    assert found(text, words) == []


def test_what_stands_in_an_address_as_words_is_hidden_there_alone():
    text = "See https://x.org/cold-sea-lab and https://x.org/coldsealab"
    assert found(text, "cold sea lab") == ["cold-sea-lab", "https://x.org/coldsealab"]


@given(st.text(max_size=40), st.text(max_size=40), st.text(min_size=1, max_size=20))
def test_whatever_stands_in_a_text_is_found_there(before, after, words):
    text = before + words + after
    wanted = words.strip()
    spans = KeptWords([words]).spans(text)
    assert all(0 <= start < end <= len(text) for start, end, _number in spans)
    if sum(map(str.isalnum, wanted)) >= 2 and wanted.isascii():
        assert spans


def test_long_texts_do_not_hold_anybody_up():
    hostile = ["a" * 100_000, "a-\n" * 33_000, "w@" * 50_000, "#" * 100_000, "\u00ad" * 100_000]
    words = KeptWords(["cold sea lab", "a b", "ab"])
    begun = time.perf_counter()
    for text in hostile:
        words.spans(text)
    assert time.perf_counter() - begun < 10
