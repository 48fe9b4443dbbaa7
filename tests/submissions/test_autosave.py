"""What is typed is saved by itself, restored on return, and never overwritten silently."""

import re

import pytest
from django.urls import reverse

from apps.consultations.services import remove_question
from apps.submissions.errors import IncompleteSubmission
from apps.submissions.models import DraftEdit, Submission
from apps.submissions.services import submit
from tests.submissions.opened import FRESH, opened

pytestmark = pytest.mark.django_db
TYPED = {"group": "civil", "answer-why.text": "Because nobody pauses", "form": "window-1"}
WRONG = {
    "point-0-provision": "article-2",
    "point-0-reason": "Too late.",
    "point-0-evidence": "http",
}


def address(name):
    return reverse(f"submissions:{name}", args=["open-consultation"])


@pytest.fixture
def person(client, participant, open_consultation):
    client.force_login(participant)
    return client


def autosaved(client, began=FRESH, **typed):
    answer = client.post(address("autosave"), TYPED | began | typed)
    assert answer.status_code == 200
    page = answer.content.decode()
    return page, began | opened(page)


def test_typing_is_saved_and_there_on_another_device(person):
    page, began = autosaved(person)
    assert re.search(r"Saved \d\d:\d\d UTC", page)
    page, _began = autosaved(person, began, **{"answer-why.text": "Because nobody pauses alone."})
    assert "Saved" in page
    assert "Because nobody pauses alone." in person.get(address("respond")).content.decode()


def test_what_cannot_be_kept_as_content_is_kept_as_typed(person):
    page, _began = autosaved(person, **WRONG)
    assert "Something needs a change before you can submit." in page
    again = person.get(address("respond")).content.decode()
    assert "As you left it." in again
    assert "Too late." in again
    assert 'value="http"' in again
    assert 'href="#point-0-evidence"' in again, "where it needs a change is said at once"
    assert person.get(address("check")).url == address("respond"), "nothing older is checked"


def test_words_that_were_only_typed_are_never_left_out_when_filing(person, participant):
    autosaved(person)
    autosaved(person, **WRONG)
    with pytest.raises(IncompleteSubmission, match="cannot be filed as it is"):
        submit(Submission.objects.get(), by=participant)


def test_a_later_good_save_replaces_what_was_typed(person):
    _page, began = autosaved(person, **WRONG)
    autosaved(person, began)
    assert DraftEdit.objects.get().typed == ""
    assert "As you left it." not in person.get(address("respond")).content.decode()


def test_a_button_pressed_while_a_save_is_on_its_way_is_no_conflict(person):
    autosaved(person)
    answer = person.post(address("respond"), TYPED | FRESH | {"then": "check"})
    assert answer.url == address("check")


def sent(client, began, **typed):
    """Press “Save draft”, and return the state that the page after it began from."""
    page = client.post(address("respond"), TYPED | began | {"then": "save"} | typed)
    return opened(page.content.decode())


def test_a_save_that_comes_after_the_button_pressed_later_never_replaces_it(person):
    _page, began = autosaved(person)
    whole = sent(person, began, **{"answer-why.text": "Because nobody pauses alone."})
    page, _began = autosaved(person, began, **{"answer-why.text": "Because nobody pauses al"})
    assert "Not saved." in page
    assert Submission.objects.get().answers.get().text == "Because nobody pauses alone."
    page, _began = autosaved(person, whole, **{"answer-why.text": "Typed after the button."})
    assert "Not saved." not in page
    assert Submission.objects.get().answers.get().text == "Typed after the button."


def test_a_save_that_comes_after_filing_begins_no_new_draft(person, participant):
    _page, began = autosaved(person)
    submit(Submission.objects.get(), by=participant)
    page, _began = autosaved(person, began)
    assert "Not saved." in page
    assert not Submission.objects.filter(state=Submission.State.DRAFT).exists()


def test_two_windows_never_overwrite_each_other_silently(person):
    autosaved(person)
    page, _began = autosaved(person, form="window-2", **{"answer-why.text": "Mine."})
    assert "Not saved." in page
    assert "Press “Save draft” to see both." in page
    assert Submission.objects.get().answers.get().text == "Because nobody pauses"


def test_without_a_group_the_line_says_what_to_do(person):
    page, _began = autosaved(person, group="")
    assert "Not saved." in page
    assert "Choose the group you speak for." in page
    assert not Submission.objects.exists()


def test_after_a_log_out_the_line_says_so(client, open_consultation):
    page, _began = autosaved(client)
    assert "you were logged out" in page


def test_words_on_a_question_that_is_asked_no_more_stay_to_be_copied(
    person, open_consultation, owner
):
    _page, began = autosaved(person)
    remove_question(open_consultation.questions.get(key="why"), by=owner)
    for name in ("respond", "check"):
        page = person.get(address(name)).content.decode()
        assert "This question is asked no more" in page
        assert "Because nobody pauses" in page
    made = {"point-0-provision": "article-2", "point-0-reason": "Late."}
    _page, began = autosaved(person, began, **made)
    page = person.get(address("respond")).content.decode()
    assert "Because nobody pauses" in page, "what saves itself drops no words"
    assert "Late." in page
    saved = person.post(address("respond"), TYPED | made | began | {"then": "check"})
    assert saved.url == address("check")
    assert "asked no more" not in person.get(address("check")).content.decode()


def test_after_filing_nothing_typed_is_left(person, participant):
    autosaved(person)
    submit(Submission.objects.get(), by=participant)
    assert not DraftEdit.objects.exists()


def test_a_save_costs_the_same_whatever_is_in_the_draft(person, django_assert_max_num_queries):
    points = {f"point-{n}-provision": "article-2" for n in range(40)}
    points |= {f"point-{n}-reason": f"Reason {n}." for n in range(40)}
    _page, began = autosaved(person)
    with django_assert_max_num_queries(45):
        autosaved(person, began, **points)


def test_words_typed_before_a_group_is_chosen_are_there_on_return(person):
    autosaved(person, group="")
    page = person.get(address("respond")).content.decode()
    assert "Because nobody pauses" in page
    assert "As you left it." in page
    autosaved(person)
    assert Submission.objects.get().answers.get().text == "Because nobody pauses"
    person.post(address("respond"), TYPED | {"answer-why.text": "", "then": "save"})
    assert "Because nobody pauses" not in person.get(address("respond")).content.decode()


@pytest.mark.parametrize("act", ["add", "remove-0"])
def test_a_button_that_adds_or_removes_a_point_saves_what_was_typed(person, act):
    typed = TYPED | {"point-0-provision": "article-2", "point-0-reason": "Too late."}
    page = person.post(address("respond"), typed | {"then": act}).content.decode()
    assert "Because nobody pauses" in page
    again = person.get(address("respond")).content.decode()
    assert "Because nobody pauses" in again
    assert ("Too late." in again) == (act == "add")
