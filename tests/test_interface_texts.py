"""The interface speaks in plain words."""

import re

import pytest

from tests.interface_texts import interface_texts

# Automated Readability Index (Smith & Senter 1967): 6 is read by an 11-year-old.
HARDEST_TEXT = 12
HARDEST_ON_AVERAGE = 6
LONGEST_SENTENCE = 30
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
SENTENCE_END = re.compile(r"[.!?:;](?:\s|$)")


def readability(text):
    """Return letters, words and sentences."""
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", PLACEHOLDER.sub("it", text))
    sentences = [part for part in SENTENCE_END.split(text) if part.strip()]
    return sum(map(len, words)), len(words), max(len(sentences), 1)


def grade(letters, words, sentences):
    return 4.71 * letters / words + 0.5 * words / sentences - 21.43


def sentences_of_the_interface():
    return {text for text in interface_texts() if len(text.split()) >= 8}


def test_an_eleven_year_old_reads_the_interface():
    letters, words, sentences = map(
        sum, zip(*map(readability, sentences_of_the_interface()), strict=True)
    )
    assert grade(letters, words, sentences) <= HARDEST_ON_AVERAGE


def test_no_text_of_the_interface_is_hard():
    hard = {text: round(grade(*readability(text)), 1) for text in sentences_of_the_interface()}
    assert {text: at for text, at in hard.items() if at > HARDEST_TEXT} == {}


def test_no_sentence_of_the_interface_is_long():
    long = [
        part
        for text in interface_texts()
        for part in SENTENCE_END.split(text)
        if len(part.split()) > LONGEST_SENTENCE
    ]
    assert long == []


@pytest.mark.parametrize(
    "word",
    [
        "utilise",
        "whilst",
        "pursuant",
        "herein",
        "aforementioned",
        "prior to",
        "in order to",
        "please be advised",
        "commence",
        "facilitate",
    ],
)
def test_no_text_uses_a_word_of_offices(word):
    assert [text for text in interface_texts() if word in text.casefold()] == []
