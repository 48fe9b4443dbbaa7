"""A person has one response of its own in a phase, whatever the group, and counts once."""

import pytest
from django.urls import reverse

from apps.accounts.services import become_account, guest_for, make_token
from apps.consultations.models import Identity
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import GroupTally, Submission
from apps.submissions.services import (
    file_submission,
    save_draft,
    start_draft,
    start_revision,
    submit,
    withdraw,
)
from tests.factories import AnswerFactory, SubmissionFactory
from tests.submissions import reply_cast

pytestmark = pytest.mark.django_db
State = Submission.State


def said(text, group="individual", **more):
    return DraftInput(answers=[AnswerInput("why", text=text)], group=group, **more)


def filed(receipt):
    return Submission.objects.get(reference=receipt.number)


def counted():
    tallies = GroupTally.objects.filter(question=None, submissions__gt=0)
    return dict(tallies.values_list("group", "submissions"))


def test_filing_again_for_another_group_revises_the_first(open_consultation, participant):
    first = filed(file_submission(open_consultation, said("As a person."), by=participant))
    second = said("As a researcher.", "research")
    later = filed(file_submission(open_consultation, second, by=participant))
    first.refresh_from_db()
    assert (first.state, later.revises) == (State.SUPERSEDED, first)
    assert counted() == {"research": 1}
    assert list(Submission.objects.filed()) == [later]


def test_a_new_draft_takes_the_place_of_what_was_filed_when_it_is_filed(
    open_consultation, participant
):
    first = filed(file_submission(open_consultation, said("As a person."), by=participant))
    draft = start_draft(open_consultation, author=participant, group="company")
    save_draft(draft, said("As a company.", "company"), by=participant)
    first.refresh_from_db()
    assert first.is_submitted, "nothing changes before it is filed"
    later = filed(submit(draft, by=participant))
    assert later.revises == first
    assert counted() == {"company": 1}


def test_choosing_another_group_changes_the_draft_there_is(open_consultation, participant):
    draft = start_draft(open_consultation, author=participant, group="individual")
    assert start_draft(open_consultation, author=participant, group="research") == draft
    save_draft(draft, said("Words.", "research"), by=participant)
    draft.refresh_from_db()
    assert draft.group == "research"
    submit(draft, by=participant)
    assert counted() == {"research": 1}


def test_what_was_revised_before_is_revised_again(open_consultation, participant):
    first = filed(file_submission(open_consultation, said("One."), by=participant))
    draft = start_revision(first, by=participant)
    second = filed(submit(draft, by=participant))
    third = filed(file_submission(open_consultation, said("Three."), by=participant))
    assert (third.revises, second.revises) == (second, first)
    assert counted() == {"individual": 1}


def test_what_was_withdrawn_is_not_revised(open_consultation, participant):
    first = filed(file_submission(open_consultation, said("One."), by=participant))
    withdraw(first, by=participant)
    later = filed(file_submission(open_consultation, said("Two."), by=participant))
    assert later.revises is None


def test_what_an_organisation_says_is_apart_from_its_people(open_consultation, forum, member):
    own = filed(file_submission(open_consultation, said("Mine."), by=member))
    ours = [
        filed(file_submission(open_consultation, said(text), by=member, organisation=forum))
        for text in ("Ours.", "Ours too.")
    ]
    own.refresh_from_db()
    assert own.is_submitted
    assert [one.revises for one in ours] == [None, None]
    assert counted() == {"individual": 1, "civil": 2}


def test_nobody_revises_what_somebody_else_filed(open_consultation, participant, rival):
    file_submission(open_consultation, said("One."), by=participant)
    assert filed(file_submission(open_consultation, said("Two."), by=rival)).revises is None
    assert counted() == {"individual": 2}


def test_what_was_said_at_a_hearing_stays_beside_what_was_written(open_phase, participant):
    consultation = open_phase.consultation
    spoken = SubmissionFactory(
        consultation=consultation, phase=open_phase, author=participant, source="hearing"
    )
    AnswerFactory(submission=spoken, question=consultation.questions.get(key="why"))
    assert filed(file_submission(consultation, said("Mine."), by=participant)).revises is None


def test_replies_stand_beside_each_other(reply_phase, target, participant):
    for kind in ("support", "evidence"):
        content = reply_cast.content(reply_cast.reply(target, kind=kind))
        file_submission(reply_phase.consultation, content, by=participant)
    standing = Submission.objects.filter(author=participant, state=State.SUBMITTED)
    assert standing.count() == 2


def test_over_the_api_a_second_filing_revises_the_first(client, open_consultation, participant):
    address = f"/api/v1/consultations/{open_consultation.slug}/submissions/"
    _token, text = make_token(participant, name="test", scope="write")
    headers = {"Authorization": f"Token {text}"}
    numbers = []
    for group in ("individual", "company"):
        body = {"group": group, "answers": [{"question": "why", "text": group}]}
        answer = client.post(address, body, content_type="application/json", headers=headers)
        assert answer.status_code == 201, answer.content
        numbers.append(answer.json()["number"])
    shown = client.get(f"{address}{numbers[1]}/").json()
    assert (shown["group"], shown["revises"]) == ("company", numbers[0])
    assert counted() == {"company": 1}


def test_a_confirmed_address_is_one_person_with_and_without_an_account(open_consultation):
    open_consultation.least_identity = Identity.EMAIL
    open_consultation.save()
    guest = guest_for("Ama@Example.org")
    first = filed(file_submission(open_consultation, said("As a guest."), by=guest))
    again = guest_for("ama@example.org ")
    become_account(again)
    second = said("With an account.", "research")
    later = filed(file_submission(open_consultation, second, by=again))
    assert later.revises == first
    assert counted() == {"research": 1}


def test_the_form_says_that_it_replaces_what_was_filed(
    client, open_consultation, participant, member, forum
):
    address = reverse("submissions:respond", args=[open_consultation.slug])
    file_submission(open_consultation, said("One."), by=participant)
    client.force_login(participant)
    assert "What you submit below replaces it." in client.get(address).content.decode()
    client.force_login(member)
    file_submission(open_consultation, said("Ours."), by=member, organisation=forum)
    page = client.get(f"{address}?for={forum.slug}").content.decode()
    assert "becomes another response" in page
