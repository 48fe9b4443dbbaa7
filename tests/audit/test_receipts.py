"""A receipt proves what was filed and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.audit import services
from apps.audit.canonical import (
    ALPHABET,
    canonical,
    commitment,
    is_mistyped,
    new_number,
    read_number,
)
from apps.audit.models import Entry, Receipt
from apps.audit.services import check_receipt, erase_salt, record_with_receipt, reserve_number

CONTENT = {"answers": [{"question": "comment", "text": "Wörter, 文字"}], "group": "civil"}


@pytest.fixture
def receipt(db):
    return record_with_receipt(
        "submission.filed",
        subject="pause-protocol/x",
        actor=None,
        title="Draft protocol",
        content=CONTENT,
        number=reserve_number(),
    )


def test_the_same_content_matches_whatever_the_order_of_its_fields(receipt):
    content = dict(reversed(CONTENT.items()))
    found = check_receipt(receipt.number, content=content, salt=receipt.salt_in_hex)
    assert found.content_matches is True
    assert found.entry_is_intact


def test_one_changed_character_does_not_match(receipt):
    changed = {**CONTENT, "group": "company"}
    assert (
        check_receipt(receipt.number, content=changed, salt=receipt.salt_in_hex).content_matches
        is False
    )


def test_an_unknown_number_is_not_found(receipt):
    assert check_receipt(new_number()).receipt is None
    assert check_receipt("").receipt is None
    assert check_receipt("' OR 1=1 --").receipt is None


def test_nobody_learns_by_trying_what_was_filed(receipt):
    for salt in ("", "00" * 32, "\u00e9", receipt.salt_in_hex[:-1]):
        for content in (CONTENT, {**CONTENT, "group": "company"}):
            found = check_receipt(receipt.number, content=content, salt=salt)
            assert not found.content_matches
            assert found.entry_is_intact


def test_without_the_salt_the_commitment_proves_nothing(receipt):
    Receipt.objects.update(salt=None)
    assert (
        check_receipt(receipt.number, content=CONTENT, salt=receipt.salt_in_hex).content_matches
        is None
    )


def test_the_log_holds_the_commitment_and_not_the_words(receipt):
    entry = Entry.objects.get()
    assert entry.detail == {"commitment": receipt.commitment}
    assert check_receipt(receipt.number).entry_is_intact


def test_equal_contents_have_different_commitments(receipt, db):
    again = record_with_receipt(
        "submission.filed",
        subject="s",
        actor=None,
        title="t",
        content=CONTENT,
        number=reserve_number(),
    )
    assert again.commitment != receipt.commitment


@given(st.integers(min_value=0, max_value=11), st.sampled_from(ALPHABET))
def test_a_mistyped_character_is_noticed(place, letter):
    number = new_number()
    letters = list(number.removeprefix("PL-").replace("-", ""))
    if letters[place] == letter or {letters[place], letter} == {ALPHABET[0], ALPHABET[31]}:
        return
    letters[place] = letter
    typed = read_number("".join(letters))
    assert typed
    assert is_mistyped(typed)


def test_a_number_is_read_in_any_spelling():
    number = new_number()
    assert read_number(number.lower().replace("-", " ")) == number
    assert not is_mistyped(number)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=9))
def test_canonical_bytes_are_stable(content):
    try:
        first = canonical(content)
    except UnicodeEncodeError:  # lone surrogates are no text
        return
    assert canonical(content) == first


@pytest.mark.parametrize(
    "change",
    [{"commitment": "0" * 64}, {"subject": "another"}, {"filed_at": "2020-01-01T00:00:00Z"}],
)
def test_a_receipt_changed_behind_the_log_is_noticed(receipt, change):
    Receipt.objects.update(**change)
    assert not check_receipt(receipt.number).entry_is_intact


def test_content_swapped_behind_the_log_is_noticed(receipt):
    other = {**CONTENT, "group": "company"}
    Receipt.objects.update(commitment=commitment(other, bytes(receipt.salt)))
    found = check_receipt(receipt.number, content=other, salt=receipt.salt_in_hex)
    assert not found.entry_is_intact


def test_erasing_the_salt_is_itself_in_the_log(receipt):
    erase_salt(receipt, actor=None)
    assert (
        check_receipt(receipt.number, content=CONTENT, salt=receipt.salt_in_hex).content_matches
        is None
    )
    assert check_receipt(receipt.number).entry_is_intact
    assert [entry.kind for entry in Entry.objects.about(receipt.subject)] == [
        "submission.filed",
        "receipt.salt_erased",
    ]


def test_an_entry_and_its_receipt_cost_two_inserts(db, django_assert_num_queries):
    with django_assert_num_queries(2) as queries:
        record_with_receipt(
            "submission.filed",
            subject="s",
            actor=None,
            title="t",
            content=CONTENT,
            number=reserve_number(),
        )
    assert all(query["sql"].startswith("INSERT") for query in queries.captured_queries)


def test_an_app_above_says_what_was_found_to_be_false(receipt, monkeypatch):
    monkeypatch.setattr(services, "_finders", [])
    assert not check_receipt(receipt.number).is_false
    services.finds_false(lambda subject: subject == "pause-protocol/other")
    assert not check_receipt(receipt.number).is_false
    services.finds_false(lambda subject: subject == receipt.subject)
    assert check_receipt(receipt.number).is_false
