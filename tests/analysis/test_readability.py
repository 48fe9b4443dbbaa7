"""How hard a text is to read, by numbers worked by hand."""

import pytest

from apps.analysis.readability import lix, longest_sentences


def test_the_index_adds_words_per_sentence_and_the_share_of_long_words():
    # Three sentences of ten words; three of thirty words have more than six letters.
    sentence = "We ask you what the committee should do about it. "
    assert lix(sentence * 3) == pytest.approx(10 + 100 * 3 / 30)


def test_few_words_and_scripts_without_spaces_are_not_measured():
    assert lix("We ask you.") is None
    assert lix("我们想听听您的意见。" * 40) is None


def test_the_longest_sentences_come_first_with_their_words():
    text = "It ends. We ask you what you need from us. Tell us why."
    assert longest_sentences(text, most=2) == [
        ("We ask you what you need from us.", 8),
        ("Tell us why.", 3),
    ]
    assert longest_sentences("我们想听听您的意见。") == []
    assert longest_sentences("") == []


def test_a_sentence_longer_than_a_passage_stays_whole():
    text = "We say " + "and so on " * 200 + "at last."
    assert longest_sentences(text) == [(text, 604)]
