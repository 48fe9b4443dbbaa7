"""A phrase is found again in a text that changed, and not where it is no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.analysis.anchoring import Phrase, locate, occurrences, phrase_at

OLD = (
    "Each party shall report within 72 hours. The report names the system. "
    "A party that stops shall say so within 72 hours, and to whom."
)


def phrase(quote, text=OLD, nth=0):
    return phrase_at(text, *occurrences(quote, text)[nth])


def words(found, *texts):
    return None if found is None else texts[found.place][found.start : found.end]


def test_unchanged_words_stand_where_they_stood():
    found = locate(phrase("The report names the system"), OLD)
    assert (found.place, found.is_exact) == (0, True)
    assert words(found, OLD) == "The report names the system"


@pytest.mark.parametrize("nth", [0, 1])
def test_of_a_repeated_phrase_the_surroundings_decide(nth):
    new = "In force at once. " + OLD
    found = locate(phrase("within 72 hours", nth=nth), new)
    assert found.start == occurrences("within 72 hours", new)[nth][0]


def test_where_the_surroundings_are_the_same_the_nearest_counts():
    text = "a b. " * 60
    asked = phrase_at(text, 150, 153)
    assert locate(asked, text).start == 150


@pytest.mark.parametrize(
    ("quote", "words_of_text"),
    [
        ("A bold duty to report", "A **bold duty** to _report_"),
        ("bold duty to", "**bold duty** to"),
        ("report within 72 hours stands", "_report_ within [72 hours](https://example.org) stands"),
        ("A bold duty", "A **bold duty**"),
        ("stands: the first; the second", "stands:\n- the first;\n- the second"),
        ("the second [tenth] day", "the second [tenth] day"),
    ],
)
def test_words_are_found_as_a_page_shows_them(quote, words_of_text):
    text = (
        "1. A **bold duty** to _report_ within [72 hours](https://example.org) stands:\n"
        "- the first;\n- the second [tenth] day."
    )
    [(start, end)] = occurrences(quote, text)
    assert text[start:end] == words_of_text
    assert occurrences(text[start:end], text) == [(start, end)]


@pytest.mark.parametrize("quote", ["per cent", "per cent of the training compute"])
def test_of_a_repeated_phrase_one_place_that_is_gone_is_not_taken_for_another(quote):
    kept = f"- the Parties account for at least 80 {quote} that is known;"
    gone = f"- every State that hosts more than 10 {quote} takes part;"
    before = f"{kept}\n{gone}"
    first, second = (phrase_at(before, *span) for span in occurrences(quote, before))
    after = f"{kept}\n- every host takes part;"
    assert locate(second, after, before=before) is None
    found = locate(first, after, before=before)
    assert (found.start, found.is_exact) == (first.start, True)
    swapped = f"{gone}\n{kept}"
    assert (
        locate(first, swapped, before=before).start > locate(second, swapped, before=before).start
    )


def test_slightly_changed_words_are_found_whole():
    new = OLD.replace("The report names the system", "The reports name each system")
    found = locate(phrase("The report names the system"), new)
    assert not found.is_exact
    assert words(found, new) == "The reports name each system"


def test_words_that_moved_to_another_provision_are_found_there():
    found = locate(phrase("The report names the system"), "Nothing of it.", ["Other.", OLD])
    assert (found.place, found.is_exact) == (2, True)


def test_a_common_phrase_of_another_provision_is_not_taken_for_it():
    elsewhere = "Costs are paid within 72 hours by those who caused them."
    assert locate(phrase("within 72 hours"), "It was deleted.", [elsewhere]) is None


@pytest.mark.parametrize("text", ["", "An entirely different provision about costs."])
def test_words_that_are_gone_are_found_nowhere(text):
    assert locate(phrase("The report names the system"), text, ["Costs."]) is None


@pytest.mark.parametrize(
    ("quote", "text", "shown"),
    [
        ("two  words", "these two\n words", "two\n words"),
        ("the party's", "and the party’s own", "the party’s"),
        ('a "pause" is', "that a “pause” is short", "a “pause” is"),
        ("暂停训练", "各方应暂停训练。", "暂停训练"),
        ("يوقف التدريب", "على كل طرف أن يوقف التدريب فورا", "يوقف التدريب"),
        ("e\u0301tat", "l'e\u0301tat membre", "e\u0301tat"),
        ("(a) the [x]", "as in (a) the [x].", "(a) the [x]"),
    ],
)
def test_white_space_and_quote_marks_do_not_count(quote, text, shown):
    [(start, end)] = occurrences(quote, text)
    assert text[start:end] == shown


@pytest.mark.parametrize("quote", ["", "   ", "absent", "Each Party"])
def test_what_does_not_stand_there_has_no_occurrence(quote):
    assert occurrences(quote, OLD) == []


@given(
    st.text(max_size=80),
    st.text(min_size=1, max_size=30).filter(lambda one: one.strip()),
    st.text(max_size=80),
)
def test_words_in_an_unchanged_text_are_always_found_in_place(before, quote, after):
    text = f"{before} {quote} {after}"
    spans = occurrences(quote, text)
    assert spans
    for span in spans:
        found = locate(phrase_at(text, *span), text)
        assert found.is_exact
        assert (found.start, found.end) == span


@given(st.text(max_size=200), st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3))
def test_whatever_is_found_lies_in_its_text(text, quote, others):
    found = locate(Phrase(quote), text, others)
    if found is not None:
        there = [text, *others][found.place]
        assert 0 <= found.start < found.end <= len(there)


def test_the_same_question_has_the_same_answer():
    asked = phrase("shall report within 72 hours")
    assert locate(asked, OLD, [OLD]) == locate(asked, OLD, [OLD])
