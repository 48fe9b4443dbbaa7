"""Over the API too, a draft is written together: comments, sign-off, joint submissions."""

import pytest

from apps.accounts.models import Membership, Organisation
from apps.accounts.services import make_token
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import JointParty, Submission
from apps.submissions.services import save_draft, start_draft
from tests.submissions.joint_cast import ally, person_of

CONTENT = DraftInput(answers=[AnswerInput("why", text="Because.")])


@pytest.fixture
def draft(consultation, person, organisation):
    draft = start_draft(consultation, author=person, organisation=organisation)
    return save_draft(draft, CONTENT, by=person)


@pytest.fixture
def send(client):
    """Return a function that sends a request as a person, with a token."""

    def as_person(person, method, address, body=None):
        _token, text = make_token(person, name="test", scope="write")
        return getattr(client, method)(
            f"/api/v1/{address}",
            body,
            content_type="application/json",
            headers={"Authorization": f"Token {text}"},
        )

    return as_person


def test_comments_are_left_listed_and_resolved(send, draft, person):
    address = f"drafts/{draft.pk}/comments/"
    made = send(person, "post", address, {"place": "question:why", "text": "Shorter?"})
    assert made.status_code == 201
    [row] = send(person, "get", address).json()["results"]
    assert (row["text"], row["place"], row["resolved_at"]) == ("Shorter?", "question:why", None)
    resolved = send(person, "post", f"{address}{row['id']}/resolution/")
    assert resolved.json()["resolved_at"]
    assert send(person, "post", address, {"text": "x", "place": "nowhere"}).status_code == 422


def test_nobody_else_reads_comments_or_signs(send, draft, participant):
    for address in ("comments/", "sign-off/", "parties/"):
        assert send(participant, "get", f"drafts/{draft.pk}/{address}").status_code == 404


def test_a_signatory_signs_the_seal_and_a_submitter_files(send, draft, person, organisation):
    signatory = person_of(organisation, Membership.Role.SIGNATORY)
    rule = f"organisations/{organisation.slug}/sign-off-rule/"
    assert send(person, "put", rule, {"is_required": True}).status_code == 403
    assert send(signatory, "put", rule, {"is_required": True}).json() == {"is_required": True}
    refused = send(person, "post", f"drafts/{draft.pk}/submit/")
    assert (refused.status_code, refused.json()["code"]) == (409, "sign_off_missing")
    address = f"drafts/{draft.pk}/sign-off/"
    assert send(person, "post", f"{address}request/").status_code == 204
    standing = send(signatory, "get", address).json()
    assert (standing["is_required"], standing["is_signed"]) == (True, False)
    assert standing["signatories"] == [signatory.name]
    assert send(person, "post", address, {"seal": standing["seal"]}).status_code == 403
    assert send(signatory, "post", address, {"seal": "0" * 64}).status_code == 409
    assert send(signatory, "post", address, {"seal": standing["seal"]}).json()["is_signed"]
    assert send(person, "post", f"drafts/{draft.pk}/submit/").status_code == 201


def test_an_organisation_joins_and_the_submission_says_so(send, client, draft, person):
    union, unionist = ally("Workers United", group="union")
    _lab, _researcher = ally("Safety Lab", group="research")
    parties = f"drafts/{draft.pk}/parties/"
    for slug in ("workers-united", "safety-lab"):
        assert send(person, "post", parties, {"organisation": slug}).status_code == 201
    assert send(person, "post", parties, {"organisation": "forum"}).status_code == 422
    assert send(person, "post", parties, {"organisation": "nobody"}).status_code == 404
    [row] = send(unionist, "get", "joint-invitations/").json()["results"]
    assert (row["leading"], row["submission"]) == ("Forum", None)
    address = f"joint-invitations/{row['id']}/"
    whole = send(unionist, "get", address).json()
    assert whole["draft"]["answers"][0]["text"] == "Because."
    signature = {"seal": whole["seal"], "reservations": "Not quite."}
    signed = send(unionist, "post", f"{address}signature/", signature)
    assert signed.json()["state"] == "joined"
    assert {one["state"] for one in send(person, "get", parties).json()["results"]} == {
        "joined",
        "invited",
    }
    receipt = send(person, "post", f"drafts/{draft.pk}/submit/").json()
    assert receipt["left_out"] == ["Safety Lab"]
    [party] = client.get(f"/api/v1/consultations/pause/submissions/{receipt['number']}/").json()[
        "parties"
    ]
    assert (party["name"], party["group"], party["reservations"]) == (
        union.name,
        "union",
        "Not quite.",
    )
    assert send(unionist, "post", f"{address}departure/").json()["state"] == "left"
    [party] = client.get(f"/api/v1/consultations/pause/submissions/{receipt['number']}/").json()[
        "parties"
    ]
    assert party["left_at"]
    assert party["reservations"] == ""
    assert send(unionist, "get", address).json()["draft"] is None


def test_an_invitation_is_declined_and_taken_back(send, draft, person):
    _union, unionist = ally("Workers United")
    send(person, "post", f"drafts/{draft.pk}/parties/", {"organisation": "workers-united"})
    party = JointParty.objects.get()
    answer = send(unionist, "post", f"joint-invitations/{party.pk}/refusal/")
    assert answer.json()["state"] == "declined"
    assert send(person, "delete", f"drafts/{draft.pk}/parties/workers-united/").status_code == 204
    assert send(unionist, "get", f"joint-invitations/{party.pk}/").status_code == 404


def test_lists_cost_the_same_for_many(send, draft, person, django_assert_max_num_queries):
    _union, unionist = ally("Workers United")
    for number in range(6):
        organisation = Organisation.objects.create(
            name=f"Other {number}", slug=f"other-{number}", group="civil"
        )
        JointParty.objects.create(submission=draft, organisation=organisation)
    send(person, "post", f"drafts/{draft.pk}/parties/", {"organisation": "workers-united"})
    with django_assert_max_num_queries(12):
        send(person, "get", f"drafts/{draft.pk}/parties/")
    with django_assert_max_num_queries(12):
        send(unionist, "get", "joint-invitations/")
    assert Submission.objects.get().is_draft
