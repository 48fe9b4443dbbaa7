"""Over the API too, “I never wrote this” is heard and decided."""

import pytest

from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import Dispute, Submission
from apps.submissions.proving import token_of
from apps.submissions.services import file_submission
from tests.factories import HostRoleFactory

DECISION = {"outcome": "upheld", "reason": "Her address was used without her."}


@pytest.fixture
def filed(consultation, person):
    content = DraftInput(answers=[AnswerInput("why", text="Because.")], group="civil")
    receipt = file_submission(consultation, content, by=person)
    return Submission.objects.get(reference=receipt.number)


@pytest.fixture
def moderator_client(client, consultation):
    role = HostRoleFactory(host=consultation.host, role="moderator")
    client.force_login(role.user)
    return client


def disown(client, token):
    return client.post(f"/api/v1/never-wrote-this/{token}/")


def decide(client, dispute, decision):
    address = f"/api/v1/consultations/pause/disputes/{dispute.pk}/decision/"
    return client.post(address, decision, content_type="application/json")


def test_the_word_of_the_mail_marks_a_submission_once(client, filed, person):
    answers = [disown(client, token_of(filed, person)) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["submission"] == filed.reference
    filed.refresh_from_db()
    assert filed.disputed_at is not None


def test_a_changed_word_marks_nothing(client, filed, person):
    assert disown(client, token_of(filed, person) + "x").status_code == 404
    assert not Dispute.objects.exists()


def test_the_host_reads_and_decides(moderator_client, filed, person):
    disown(moderator_client, token_of(filed, person))
    [row] = moderator_client.get("/api/v1/consultations/pause/disputes/").json()["results"]
    assert (row["submission"], row["outcome"]) == (filed.reference, "")
    answer = decide(moderator_client, Dispute.objects.get(), DECISION)
    assert answer.status_code == 200
    assert answer.json()["reason"] == DECISION["reason"]
    filed.refresh_from_db()
    assert filed.state == Submission.State.WITHDRAWN


def test_a_decision_without_a_reason_is_refused_and_says_what_is_missing(
    moderator_client, filed, person
):
    disown(moderator_client, token_of(filed, person))
    answer = decide(moderator_client, Dispute.objects.get(), {"outcome": "upheld"})
    assert answer.status_code == 422
    assert "reason" in str(answer.json())
    assert Dispute.objects.get().outcome == ""


def test_what_was_decided_is_not_decided_again(moderator_client, filed, person):
    disown(moderator_client, token_of(filed, person))
    decide(moderator_client, Dispute.objects.get(), DECISION)
    again = decide(moderator_client, Dispute.objects.get(), DECISION | {"outcome": "dismissed"})
    assert again.status_code == 409
    assert Dispute.objects.get().outcome == "upheld"


def test_listing_disputes_asks_the_database_no_more_for_many(
    moderator_client, filed, person, django_assert_max_num_queries
):
    disown(moderator_client, token_of(filed, person))
    with django_assert_max_num_queries(6):
        moderator_client.get("/api/v1/consultations/pause/disputes/")
