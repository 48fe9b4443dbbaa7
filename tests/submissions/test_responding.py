"""A person fills in the form, checks it, submits it and keeps the receipt."""

import json

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Entry, Receipt
from apps.jobs.models import Job
from apps.submissions.models import GroupTally, PointTally, Submission
from tests.factories import (
    ChoiceFactory,
    ConsultationFactory,
    PhaseFactory,
    ProvisionFactory,
    QuestionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    one = ConsultationFactory(slug="pause")
    PhaseFactory(consultation=one)
    ProvisionFactory(version__document__consultation=one, key="art-4", text="A pause starts when …")
    QuestionFactory(consultation=one, key="why", position=1)
    pick = QuestionFactory(consultation=one, key="pick", kind="single", position=2)
    ChoiceFactory(question=pick, key="a")
    ChoiceFactory(question=pick, key="b")
    QuestionFactory(consultation=one, key="labs", groups=["company"], position=3)
    return one


@pytest.fixture
def person(client, participant):
    client.force_login(participant)
    return client


FILLED = {
    "group": "civil",
    "answer-why.text": "Because nobody pauses alone.\r\nSecond line.",
    "answer-pick.choices": "b",
    "point-0-provision": "art-4",
    "point-0-stance": "oppose",
    "point-0-ask": "amend",
    "point-0-reason": "The trigger is too late.",
    "point-0-evidence": "https://example.org/report",
}


def address(name="respond", *more):
    return reverse(f"submissions:{name}", args=["pause", *more])


def test_from_the_form_to_the_receipt(person, consultation):
    answer = person.post(address(), FILLED | {"then": "check"})
    assert answer.url == address("check")
    assert "The trigger is too late." in person.get(address("check")).content.decode()
    answer = person.post(address("check"))
    receipt = Receipt.objects.get()
    assert answer.url == address("filed", receipt.number)
    assert receipt.number in person.get(answer.url).content.decode()
    submission = Submission.objects.get()
    assert submission.is_submitted
    assert submission.answers.get(question__key="why").text.endswith("alone.\nSecond line.")
    assert [c.key for c in submission.answers.get(question__key="pick").choices.all()] == ["b"]
    assert submission.points.get().evidence.get().url == "https://example.org/report"
    assert Job.objects.filter(kind="submissions.extract_passages").count() == 1
    assert Entry.objects.filter(kind="submission.filed").count() == 1
    assert GroupTally.objects.get(question=None).submissions == 1
    assert PointTally.objects.get().points == 1


def test_the_receipt_file_proves_the_words(person, consultation):
    person.post(address(), FILLED | {"then": "check"})
    person.post(address("check"))
    number = Receipt.objects.get().number
    kept = person.get(address("receipt", number)).content.decode()
    page = person.post(reverse("audit:check"), {"number": number, "content": kept})
    assert "The words fit the seal." in page.content.decode()
    changed = json.loads(kept)
    changed["content"]["points"][0]["reason"] += "!"
    page = person.post(reverse("audit:check"), {"number": number, "content": json.dumps(changed)})
    assert "The words do not fit the seal." in page.content.decode()


def test_pressing_submit_twice_leads_to_the_same_receipt(person, consultation):
    person.post(address(), FILLED | {"then": "check"})
    first = person.post(address("check"))
    assert person.post(address("check")).url == first.url
    assert Submission.objects.count() == 1


def test_a_draft_is_there_on_return(person, consultation):
    person.post(address(), FILLED | {"then": "save"})
    page = person.get(address()).content.decode()
    assert "The trigger is too late." in page
    assert "Because nobody pauses alone." in page


def test_points_are_added_and_removed_without_losing_what_was_typed(person, consultation):
    page = person.post(address(), FILLED | {"then": "add"}).content.decode()
    assert "point-1-provision" in page
    assert "The trigger is too late." in page
    page = person.post(address(), FILLED | {"then": "remove-0"}).content.decode()
    assert "The trigger is too late." not in page
    assert "Because nobody pauses alone." in page


def test_a_form_sent_after_closing_keeps_what_was_typed_and_says_why(person, consultation):
    closes = consultation.phases.get().closes_at
    with time_machine.travel(closes + timezone.timedelta(minutes=1)):
        answer = person.post(address(), FILLED | {"then": "check"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Responses closed on" in page
    assert "The trigger is too late." in page
    assert "Because nobody pauses alone." in page
    assert not Submission.objects.exists()


def test_what_was_typed_in_an_expired_session_waits_after_log_in(client, participant, consultation):
    answer = client.post(address(), FILLED | {"then": "check"})
    assert reverse("account_login") in answer.url
    client.force_login(participant)
    session = client.session
    assert "The trigger is too late." not in str(list(session.keys()))
    assert client.get(address()).status_code == 200


def test_questions_for_other_groups_are_not_asked(person, consultation):
    page = person.get(address() + "?group=civil").content.decode()
    assert "answer-why" in page
    assert "answer-labs" not in page
    assert "answer-labs" in person.get(address() + "?group=company").content.decode()


def test_an_error_names_the_field_and_keeps_everything(person, consultation):
    answer = person.post(
        address(), FILLED | {"point-0-evidence": "javascript:alert(1)", "then": "check"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#point-0-evidence"' in page
    assert "javascript:alert(1)" in page
    assert "The trigger is too late." in page


def test_too_long_a_text_says_by_how_much(person, consultation):
    answer = person.post(address(), FILLED | {"answer-why.text": "x" * 100_112, "then": "save"})
    assert "Shorten this by 112 characters" in answer.content.decode()


def test_a_group_must_be_chosen(person, consultation):
    answer = person.post(address(), FILLED | {"group": "", "then": "check"})
    assert 'href="#group"' in answer.content.decode()


def test_a_drafter_may_save_but_not_submit(client, drafter, forum, consultation):
    client.force_login(drafter)
    answer = client.post(address(), FILLED | {"for": forum.slug, "then": "check"})
    assert answer.status_code == 302
    answer = client.post(answer.url)
    assert answer.status_code == 403
    assert Submission.objects.get().is_draft


def test_nobody_reads_the_receipt_of_another(person, rival, consultation, client):
    person.post(address(), FILLED | {"then": "check"})
    person.post(address("check"))
    number = Receipt.objects.get().number
    client.force_login(rival)
    assert client.get(address("receipt", number)).status_code == 404
    assert client.get(address("filed", number)).status_code == 404
