"""A person fills in the form, checks it, submits it and keeps the receipt."""

import json
import re
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Letter
from apps.audit.models import Entry, Receipt
from apps.consultations.models import Provision
from apps.core.templatetags.plain import instant_in
from apps.jobs.models import Job
from apps.submissions.models import EvidenceLink, GroupTally, Point, PointTally, Submission
from apps.submissions.proving import post_receipt
from apps.submissions.services import withdraw
from tests.factories import (
    ChoiceFactory,
    ConsultationFactory,
    PhaseFactory,
    ProvisionFactory,
    QuestionFactory,
)
from tests.submissions.opened import FRESH, opened

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
    shown = person.get(address("check")).content.decode()
    assert "The trigger is too late." in shown
    assert "Public, with the name" not in shown, "nobody who writes alone is named"
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
    page = client.get(address()).content.decode()
    assert "The trigger is too late." in page
    assert "Because nobody pauses alone." in page
    assert not Submission.objects.exists()
    assert "The trigger is too late." not in client.get(address()).content.decode()


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
    page = client.get(answer.url).content.decode()
    assert "Submit response" not in page
    assert "Only a submitter or a signatory may submit for this organisation." in page
    answer = client.post(answer.url)
    assert answer.status_code == 403
    assert Submission.objects.get().is_draft


def test_the_check_says_how_long_it_can_be_filed_after_the_closing(person, consultation):
    check = person.post(address(), FILLED | {"then": "check"}).url
    page = person.get(check).content.decode()
    assert "Submit response" in page
    assert "ten minutes" not in page
    consultation.phases.update(closes_at=timezone.now())
    assert "you have ten minutes from then to submit" in person.get(check).content.decode()


def test_nobody_reads_the_receipt_of_another(person, rival, consultation, client):
    person.post(address(), FILLED | {"then": "check"})
    person.post(address("check"))
    number = Receipt.objects.get().number
    client.force_login(rival)
    assert client.get(address("receipt", number)).status_code == 404
    assert client.get(address("filed", number)).status_code == 404


def test_sources_are_kept_with_their_titles_and_there_is_room_for_one_more(person, consultation):
    sources = ["https://example.org/a", "", "https://example.org/b"]
    titles = ["Study A", "A book without an address", "Study B"]
    typed = {"point-0-evidence": sources, "point-0-evidence-title": titles, "then": "save"}
    page = person.post(address(), FILLED | typed).content.decode()
    kept = EvidenceLink.objects.order_by("pk").values_list("url", "title")
    assert list(kept) == list(zip(sources, titles, strict=True))
    assert page.count('name="point-0-evidence"') == 4


def test_many_points_come_back_whole(person, consultation):
    typed = {f"point-{n}-provision": "art-4" for n in range(70)}
    typed |= {f"point-{n}-reason": f"Reason number {n}." for n in range(70)}
    page = person.post(address(), FILLED | typed | {"then": "save"}).content.decode()
    assert "Reason number 69." in page
    assert Point.objects.count() == 70


def test_an_answer_to_a_question_of_another_group_waits_for_a_change_of_mind(person, consultation):
    typed = FILLED | {"group": "company", "answer-labs.text": "Two labs.", "capacity": "/company"}
    person.post(address(), typed | {"then": "save"})
    answer = person.post(address(), typed | {"group": "civil", "then": "check"})
    page = answer.content.decode()
    assert "Other questions are asked of this group." in page
    assert "Two labs." in page
    typed |= {"capacity": "/civil"}
    page = person.post(address(), typed | {"then": "group"}).content.decode()
    assert 'id="answer-labs"' in page
    assert "Two labs." in page


def test_a_draft_changed_elsewhere_is_not_overwritten_unknowingly(person, consultation):
    person.post(address(), FILLED | {"then": "save"})
    answer = person.post(address(), FILLED | FRESH | {"answer-why.text": "Mine.", "then": "save"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs stays, and yours is not saved yet." in page
    assert "Mine." in page
    held = Submission.objects.get().answers.get(question__key="why").text
    assert "Compare both texts, then decide." in page
    assert held != "Mine."
    typed = FILLED | opened(page) | {"answer-why.text": "Mine.", "then": "save"}
    assert person.post(address(), typed).status_code == 200
    assert Submission.objects.get().answers.get(question__key="why").text == "Mine."


def test_the_draft_of_an_organisation_appears_when_it_is_chosen(
    client, member, forum, consultation
):
    client.force_login(member)
    client.post(address(), FILLED | {"for": forum.slug, "then": "save"})
    page = client.post(address(), {"for": forum.slug, "capacity": "/", "then": "group"})
    assert "The trigger is too late." in page.content.decode()


def test_only_what_was_checked_is_filed(person, consultation):
    person.post(address(), FILLED | {"then": "check"})
    seen = re.search(
        r'name="seen"[^>]* value="([^"]+)"', person.get(address("check")).content.decode()
    )[1]
    person.post(address(), FILLED | {"answer-why.text": "Changed since.", "then": "save"})
    answer = person.post(address("check"), {"seen": seen})
    assert answer.status_code == 409
    assert "Changed since." in answer.content.decode()
    assert Submission.objects.get().is_draft


def test_a_missing_answer_is_said_before_the_check(person, consultation):
    consultation.questions.filter(key="pick").update(is_required=True)
    answer = person.post(address(), FILLED | {"answer-pick.choices": "", "then": "check"})
    assert answer.status_code == 422
    assert 'href="#answer-pick"' in answer.content.decode()


def test_whoever_filed_already_is_led_to_what_was_filed(person, consultation, participant):
    assert "You filed" not in person.get(address()).content.decode()
    person.post(address(), FILLED | {"then": "check"})
    person.post(address("check"))
    submission = Submission.objects.get()
    page = person.get(address()).content.decode()
    assert f"You filed {submission.reference}" in page
    assert f'href="{submission.get_absolute_url()}"' in page
    person.post(address(), FILLED | {"then": "save"})
    assert "You filed" not in person.get(address()).content.decode()
    Submission.objects.filter(state=Submission.State.DRAFT).delete()
    withdraw(submission, by=participant)
    assert "You filed" not in person.get(address()).content.decode()


def test_the_closing_is_said_by_the_clock_of_the_consultation(person, consultation):
    consultation.time_zone = "Pacific/Auckland"
    consultation.save()
    closes = consultation.phases.get().closes_at
    with time_machine.travel(closes + timezone.timedelta(minutes=1)):
        page = person.get(address()).content.decode()
        refused = person.post(address(), FILLED | {"then": "check"}).content.decode()
    told = f"Responses closed on {instant_in(closes, 'Pacific/Auckland')}."
    assert told in page
    assert f"{told} Nothing was filed. Copy what you wrote." in refused


def test_a_closed_consultation_says_so_before_anybody_types(person, consultation):
    closes = consultation.phases.get().closes_at
    with time_machine.travel(closes + timezone.timedelta(minutes=1)):
        page = person.get(address()).content.decode()
    assert "Responses closed on" in page
    assert "<textarea" not in page


@pytest.mark.parametrize("organisation", ["citizens-forum", "no-such", "a\0b"])
def test_an_organisation_one_is_not_in_loses_nothing(person, forum, consultation, organisation):
    answer = person.post(address(), FILLED | {"for": organisation, "then": "check"})
    assert answer.status_code == 403
    assert "The trigger is too late." in answer.content.decode()
    assert person.get(address(), {"for": organisation}).status_code == 404
    assert not Submission.objects.exists()


def test_characters_no_database_stores_are_refused_in_words(person, consultation):
    answer = person.post(address(), FILLED | {"answer-why.text": "a\0b", "then": "check"})
    assert answer.status_code == 422
    assert "paste plain text" in answer.content.decode()
    assert person.get("/consultations/pause/respond/filed/a%00b/").status_code == 404


def test_the_form_costs_the_same_with_many_points(
    person, consultation, django_assert_max_num_queries
):
    typed = {f"point-{n}-provision": "art-4" for n in range(20)}
    typed |= {f"point-{n}-reason": f"Reason number {n}." for n in range(20)}
    person.post(address(), FILLED | typed | {"then": "save"})
    with django_assert_max_num_queries(22):
        person.get(address())
    with django_assert_max_num_queries(22):
        person.get(address("check"))


def test_a_wording_starts_from_the_current_text_and_is_compared_with_it(person, consultation):
    provision = Provision.objects.get(key="art-4")
    provision.text = "The pause begins when the Panel confirms the trigger."
    provision.save()
    typed = FILLED | {"point-0-provision": "art-4", "point-0-reason": "Too vague."}
    page = person.post(address(), typed | {"then": "copy-0"}).content.decode()
    assert provision.text in page
    proposed = "The pause begins <b>24 hours</b> after the Panel confirms the trigger."
    person.post(address(), typed | {"point-0-proposed_text": proposed, "then": "check"})
    person.post(address("check"))
    page = person.get(Submission.objects.get().get_absolute_url()).content.decode()
    assert "<del>when</del><ins>&lt;b&gt;24 hours&lt;/b&gt; after</ins>" in page
    assert "Words that go: 1, that come: 5" in page


def test_what_a_source_is_called_is_kept_without_an_address(person, consultation):
    typed = FILLED | {"point-0-evidence": "", "point-0-evidence-title": "Treaty of 1648"}
    page = person.post(address(), typed | {"then": "save"}, follow=True)
    assert 'value="Treaty of 1648"' in page.content.decode()
    assert Submission.objects.get().points.get().evidence.get().title == "Treaty of 1648"


def test_what_is_begun_in_french_is_french_and_so_is_its_receipt(person, consultation):
    french = {"accept-language": "fr"}
    person.post(address(), FILLED | {"then": "check"}, headers=french)
    assert "Français" in person.get(address("check"), headers=french).content.decode()
    person.post(address("check"))
    submission = Submission.objects.get()
    assert submission.language == "fr"
    post_receipt(submission.pk)
    assert Letter.objects.get().language == "fr"


def test_where_the_interface_lacks_the_language_asked_in_what_is_begun_is_in_that(
    person, consultation
):
    consultation.language = "de"
    consultation.save()
    person.post(address(), FILLED)
    assert Submission.objects.get().language == "de"


@pytest.mark.parametrize("step", ["", "question:why"])
def test_a_page_that_was_saved_is_there_when_its_address_is_opened_again(
    client, member, forum, consultation, step
):
    client.force_login(member)
    typed = FILLED | {"for": forum.slug, "step": step, "then": "save"}
    page = client.post(address(), typed).content.decode()
    sent_to = unescape(re.search(r'<form method="post" action="([^"]+)"', page)[1])
    again = client.get(sent_to)
    assert again.context["organisation"] == forum
    assert again.context["form"].step == step
