"""Anybody checks a receipt: by number, and with the file by its words."""

import json

import pytest
from django.urls import reverse

from apps.audit.models import Receipt
from apps.audit.services import erase_salt
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.services import file_submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(open_consultation, participant):
    content = DraftInput(answers=[AnswerInput("why", "Because it ends.")], group="civil")
    return file_submission(open_consultation, content, by=participant)


@pytest.fixture
def kept(client, participant, receipt):
    """The receipt file as its author downloads it."""
    client.force_login(participant)
    address = reverse("submissions:receipt", args=["open-consultation", receipt.number])
    answer = client.get(address)
    client.logout()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{receipt.number}.json"'
    return answer.content.decode()


def check(client, **asked):
    return client.post(reverse("audit:check"), asked)


def test_an_empty_page_asks_for_a_number(client, db):
    page = client.get(reverse("audit:check")).content.decode()
    assert 'name="number"' in page
    assert "error-summary" not in page


def test_a_link_with_a_number_checks_it(client, receipt):
    page = client.get(reverse("audit:check"), {"number": receipt.number}).content.decode()
    assert "This submission is on record" in page
    assert receipt.commitment in page


def test_a_check_shows_nothing_of_what_was_filed_nor_by_whom(client, receipt, participant):
    page = check(client, number=receipt.number).content.decode()
    assert "Because it ends." not in page
    assert participant.email not in page
    assert bytes(receipt.salt).hex() not in page


def test_a_number_is_read_however_it_was_typed(client, receipt):
    typed = receipt.number.lower().replace("-", " ").replace("0", "o")
    assert "This submission is on record" in check(client, number=typed).content.decode()


def test_a_typing_error_is_told_from_an_unknown_number(client, receipt):
    last = receipt.number[-1]
    wrong = receipt.number[:-1] + ("2" if last != "2" else "3")
    assert "One character is wrong" in check(client, number=wrong).content.decode()
    assert "12 letters and digits" in check(client, number="PL-1").content.decode()
    Receipt.objects.all().delete()
    assert "No submission has this number" in check(client, number=receipt.number).content.decode()


def test_the_file_proves_the_words(client, receipt, kept):
    page = check(client, number=receipt.number, content=kept).content.decode()
    assert "The words fit the seal." in page


def test_the_file_alone_is_enough_it_brings_its_number(client, receipt, kept):
    page = check(client, number="", content=kept).content.decode()
    assert "The words fit the seal." in page
    assert receipt.commitment in page


@pytest.mark.parametrize("number", ["", "PL-1", 7])
def test_a_file_with_a_damaged_number_is_refused(client, kept, number):
    page = check(client, number="", content=json.dumps(json.loads(kept) | {"number": number}))
    assert "12 letters and digits" in page.content.decode()


def test_nothing_at_all_is_asked_for_again_in_words(client, db):
    page = check(client, number="", content="").content.decode()
    assert "Give the tracking number, or paste your receipt file." in page


def test_one_changed_character_does_not_fit(client, receipt, kept):
    changed = json.loads(kept)
    changed["content"]["answers"][0]["text"] += "."
    page = check(client, number=receipt.number, content=json.dumps(changed)).content.decode()
    assert "The words do not fit the seal." in page


@pytest.mark.parametrize(
    ("line", "value", "named"),
    [
        ("filed_at", "2020-01-01T00:00:00+00:00", "Filed"),
        ("commitment", "0" * 64, "Seal"),
        ("salt", "00" * 32, "Salt"),
        ("consultation", "Another one", "Consultation"),
        ("number", "PL-0000-0000-0000", "Tracking number"),
    ],
)
def test_a_changed_line_of_the_file_is_named(client, receipt, kept, line, value, named):
    assert "was changed" not in check(client, number="", content=kept).content.decode()
    changed = json.dumps(json.loads(kept) | {line: value})
    page = check(client, number=receipt.number, content=changed).content.decode()
    assert ("The words fit the seal." in page) is (line != "salt")
    assert ("the words cannot be compared" in page) is (line == "salt")
    assert "The words do not fit" not in page
    assert f'<li>{named} <span class="docket">{line}</span></li>' in page
    told = json.loads(changed) | {"number": receipt.number}
    answer = client.post("/api/v1/receipts/check/", told, content_type="application/json").json()
    assert answer["differing"] == ([line] if line != "number" else [])


def test_a_salt_that_was_erased_is_no_change_of_the_file(client, receipt, kept, participant):
    erase_salt(receipt, actor=participant)
    assert "was changed" not in check(client, number="", content=kept).content.decode()


def test_a_receipt_changed_behind_the_log_is_shown_as_changed(client, receipt):
    Receipt.objects.update(commitment="0" * 64)
    assert "was changed after" in check(client, number=receipt.number).content.decode()


@pytest.mark.parametrize(
    "content",
    [
        "not JSON",
        "[]",
        '{"content": []}',
        '{"content": {"a": "\\ud800"}}',
        '{"content": {"a": NaN}}',
        '{"content": {"a": ' + "9" * 5_000 + "}}",
        '{"content": {"a": ' + "[" * 100_000 + "]" * 100_000 + "}}",
        "\ufeff{",
        "a\0b",
    ],
    ids=["words", "list", "no fields", "half a pair", "NaN", "digits", "deep", "mark", "NUL"],
)
def test_what_is_no_receipt_file_is_refused_in_words(client, receipt, content):
    answer = check(client, number=receipt.number, content=content)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="#id_content"' in page


def test_a_check_costs_the_same_whatever_is_asked(client, receipt, django_assert_num_queries):
    with django_assert_num_queries(2):  # the receipt, and whether its author was found false
        check(client, number=receipt.number)
