"""Over the API: the receipt of what was filed, a draft as the public reads it, a mailed word."""

import pytest

from apps.accounts.models import Letter, Organisation
from apps.accounts.services import ask_by_email, make_token
from apps.audit.services import check_receipt
from apps.submissions.inputs import AnswerInput, DraftInput, RedactionInput
from apps.submissions.services import file_submission, save_draft, start_draft
from tests.factories import MembershipFactory

SECRET = "The plant in Lund would close."


def as_person(person):
    return {"Authorization": f"Token {make_token(person, name='test', scope='write')[1]}"}


def test_a_receipt_is_fetched_later_and_proves_the_words(client, consultation, person, participant):
    content = DraftInput(answers=[AnswerInput("why", SECRET)], group="individual")
    number = file_submission(consultation, content, by=person).number
    address = f"/api/v1/consultations/pause/submissions/{number}/receipt/"
    proof = client.get(address, headers=as_person(person)).json()
    assert proof["content"]["answers"][0]["text"] == SECRET
    held = {"content": proof["content"], "salt": proof["salt"]}
    assert check_receipt(number, **held).content_matches
    proof["content"]["answers"][0]["text"] += "!"
    assert not check_receipt(number, **held).content_matches
    assert client.get(address, headers=as_person(participant)).status_code == 404
    assert client.get(address).status_code == 401


@pytest.mark.parametrize(("visibility", "speaker"), [("withheld", ""), ("confidential", "Forum")])
def test_a_draft_is_read_as_the_public_would(
    client, consultation, person, organisation, visibility, speaker
):
    is_confidential = visibility == "confidential"
    content = DraftInput(
        answers=[AnswerInput("why", SECRET)],
        visibility=visibility,
        redactions=[RedactionInput("in Lund", "business")] if is_confidential else [],
    )
    draft = start_draft(consultation, author=person, organisation=organisation)
    save_draft(draft, content, by=person)
    answer = client.get(f"/api/v1/drafts/{draft.pk}/public/", headers=as_person(person))
    shown = answer.json()
    why = [{"words": "", "reason": "business", "note": ""}]
    assert (shown["speaker"], shown["redactions"]) == (speaker, why if is_confidential else [])
    assert ("Lund" in answer.content.decode()) is not is_confidential


def test_the_word_of_a_mail_verifies_an_organisation_once(client, db):
    society = Organisation.objects.create(
        name="Civic Society", slug="civic", group="civil", website="https://civic.example.org"
    )
    signatory = MembershipFactory(organisation=society, role="signatory").user
    ask_by_email(society, "board@civic.example.org", by=signatory)
    word = Letter.objects.get().context["link"].rstrip("/").rsplit("/", 1)[1]
    address = f"/api/v1/verify/{word}/"
    done = client.post(address)
    assert (done.status_code, done.json()["state"]) == (200, "confirmed")
    assert society.verifications.standing().exists()
    assert client.post(address).status_code == 410
    assert client.post("/api/v1/verify/another-word/").status_code == 410
