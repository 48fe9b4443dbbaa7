"""A draft is discarded on its page, by those who may draft, after a question."""

import pytest
from django.urls import reverse

from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import Submission
from apps.submissions.services import file_submission, invite, save_draft, start_revision
from tests.submissions.joint_cast import ally, drafted

pytestmark = pytest.mark.django_db
SAID = DraftInput(answers=[AnswerInput("why", text="Because it ends.")], group="individual")


def address(draft):
    return reverse("submissions:discard", args=[draft.pk])


def test_the_form_leads_to_the_question_and_a_button_deletes_the_draft(
    client, open_consultation, participant
):
    client.force_login(participant)
    form = reverse("submissions:respond", args=["open-consultation"])
    assert "Discard this draft" not in client.get(form).content.decode()
    client.post(form, {"group": "individual", "answer-why.text": "So.", "then": "save"})
    draft = Submission.objects.get()
    for page in (form, f"{form}?step=choose"):
        assert f'href="{address(draft)}"' in client.get(page).content.decode()
    assert "You cannot undo this." in client.get(address(draft)).content.decode()
    assert Submission.objects.exists()
    page = client.post(address(draft), follow=True).content.decode()
    assert "The draft is discarded." in page
    assert not Submission.objects.exists()
    assert client.post(address(draft)).status_code == 404


def test_what_goes_with_it_and_what_stays_is_said_before(
    client, open_consultation, forum, member, participant, rival
):
    draft = drafted(open_consultation, forum, member)
    invite(draft, ally("Workers United")[0], by=member)
    client.force_login(member)
    page = client.get(address(draft)).content.decode()
    assert "all who draft for Citizens&#x27; Forum" in page
    assert "can no longer read or sign it" in page
    file_submission(open_consultation, SAID, by=participant)
    filed = Submission.objects.get(author=participant)
    revision = start_revision(filed, by=participant)
    save_draft(revision, SAID, by=participant)
    client.force_login(rival)
    assert client.get(address(revision)).status_code == 404
    client.force_login(participant)
    assert (
        f"What you filed, {filed.reference}, stays"
        in client.get(address(revision)).content.decode()
    )
    assert client.post(address(revision)).url == filed.get_absolute_url()


def test_a_draft_that_was_not_filed_in_time_can_be_read_and_discarded_not_changed(
    client, open_phase, participant, time_machine
):
    client.force_login(participant)
    form = reverse("submissions:respond", args=["open-consultation"])
    typed = {"group": "individual", "point-0-provision": "gone", "point-0-reason": "Too late."}
    client.post(form, typed | {"then": "save"})
    time_machine.move_to(open_phase.closes_at)
    time_machine.shift(3_600)
    page = client.get(form).content.decode()
    assert f'href="{address(Submission.objects.get())}"' in page
    assert "Too late." in page
    assert "needs a change" not in page
    assert 'value="remove-0"' not in page
    assert "Add another point" not in page
