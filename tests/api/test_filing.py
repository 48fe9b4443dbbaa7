"""Filing over the API: complete in one request or by a draft, for oneself or an organisation."""

import pytest
from django.utils import timezone

from apps.accounts.models import Membership, User
from apps.accounts.services import make_token
from apps.audit.models import Receipt
from apps.jobs.models import Job
from apps.submissions.models import GroupTally, Submission

FILE = "/api/v1/consultations/pause/submissions/"
DRAFTS = "/api/v1/drafts/"
POINT = {
    "provision": "art-2",
    "stance": "changes",
    "ask": "amend",
    "reason": "Nobody can verify <b>this</b>.",
    "proposed_text": "It is so, and observed.",
    "change_condition": "An observer.",
    "evidence": [{"url": "https://example.org/study", "title": "A study"}],
}
BODY = {
    "group": "research",
    "title": "Our view",
    "language": "en",
    "answers": [
        {"question": "why", "text": "So that it ends. Then it is reviewed."},
        {"question": "how", "choices": ["a"]},
        {"question": "much", "scale": 4},
    ],
    "points": [POINT],
}


@pytest.fixture
def send(client, bearer):
    def send(method, path, body=None, headers=bearer):
        call = getattr(client, method)
        return call(path, body, content_type="application/json", headers=headers)

    return send


def test_a_complete_submission_is_filed_in_one_request(client, send, consultation):
    answer = send("post", FILE, BODY)
    receipt = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == receipt["url"]
    shown = client.get(receipt["url"]).json()
    assert shown["reference"] == receipt["number"]
    assert shown["source"] == "api"
    assert [(a["question"], a["text"], a["choices"], a["scale"]) for a in shown["answers"]] == [
        ("why", "So that it ends. Then it is reviewed.", [], None),
        ("how", "", ["a"], None),
        ("much", "", [], 4),
    ]
    assert shown["points"] == [{"number": 1, "anchor": None, **POINT}]
    assert Job.objects.filter(kind="submissions.extract_passages").count() == 1
    assert GroupTally.objects.get(group="research", question=None).submissions == 1


def test_title_and_country_of_a_draft_can_be_cleared(send, consultation, person):
    named = {"consultation": "pause", "group": "research"}
    url = f"{DRAFTS}{send('post', DRAFTS, named).json()['id']}/"
    filled = send("put", url, BODY | {"country": "Malta"}).json()
    assert (filled["title"], filled["country"]) == ("Our view", "Malta")
    cleared = send("put", url, BODY | {"title": "", "country": ""}).json()
    assert (cleared["title"], cleared["country"], cleared["language"]) == ("", "", "en")


def test_a_title_given_over_the_api_is_shown_and_kept_where_answers_are_checked(
    client, send, consultation, person
):
    named = {"consultation": "pause", "group": "research"}
    url = f"{DRAFTS}{send('post', DRAFTS, named).json()['id']}/"
    send("put", url, BODY | {"country": "Malta"})
    client.force_login(person)
    typed = {"group": "research", "answer-why.text": "So that it ends.", "then": "check"}
    page = client.post("/consultations/pause/respond/", typed, follow=True).content.decode()
    assert '<dt>Title</dt><dd dir="auto">Our view</dd>' in page
    kept = send("get", url).json()
    assert (kept["title"], kept["country"]) == ("Our view", "Malta")


def test_the_receipt_is_confirmed_for_what_was_filed_and_for_nothing_else(
    client, consultation, send
):
    receipt = send("post", FILE, BODY).json()
    filed = {
        "consultation": "pause",
        "organisation": "",
        "country": "",
        **BODY,
        "answers": sorted(
            (
                {"text": "", "choices": [], "scale": None, "stance": "", **answer}
                for answer in BODY["answers"]
            ),
            key=lambda answer: answer["question"],
        ),
    }
    check = "/api/v1/receipts/check/"
    salt = Receipt.objects.get(number=receipt["number"]).salt_in_hex
    asked = {"number": receipt["number"].lower(), "content": filed, "salt": salt}
    good = send("post", check, asked).json()
    assert (good["found"], good["entry_is_intact"], good["content_matches"]) == (True, True, True)
    other = {**filed, "title": "Another view"}
    told = [send("post", check, {**asked, "content": one, "salt": ""}) for one in (filed, other)]
    assert [one.json()["content_matches"] for one in told] == [None, None]
    assert not send("post", check, {**asked, "content": other}).json()["content_matches"]


def test_nobody_files_without_a_login(client, consultation):
    assert client.post(FILE, BODY, content_type="application/json").status_code == 401


def test_after_closing_nothing_is_filed_and_the_reason_is_given(send, consultation):
    consultation.phases.update(closes_at=timezone.now())
    answer = send("post", FILE, BODY)
    assert (answer.status_code, answer.json()["code"]) == (409, "phase_closed")
    assert not Submission.objects.exists()


def test_what_cannot_be_kept_is_named_field_by_field(send, consultation):
    body = {
        **BODY,
        "answers": [{"question": "what", "text": "?"}],
        "points": [{**POINT, "provision": "art-9"}],
    }
    answer = send("post", FILE, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_content")
    assert {error["field"] for error in answer.json()["errors"]} == {
        "answers.what",
        "points.0.provision",
    }


def test_a_submitter_files_for_the_organisation_a_stranger_does_not(
    send, consultation, organisation
):
    receipt = send("post", FILE, {**BODY, "organisation": "forum"}).json()
    filed = Submission.objects.get(reference=receipt["number"])
    assert (filed.organisation_name, filed.group) == ("Forum", "civil")
    Membership.objects.update(role=Membership.Role.DRAFTER)
    assert send("post", FILE, {**BODY, "organisation": "forum"}).status_code == 403
    Membership.objects.all().delete()
    assert send("post", FILE, {**BODY, "organisation": "forum"}).status_code == 400


def test_a_draft_is_started_replaced_read_and_filed(client, send, consultation):
    started = send("post", DRAFTS, {"consultation": "pause", "group": "research"})
    assert started.status_code == 201
    place = started.headers["Location"]
    assert (
        send("post", DRAFTS, {"consultation": "pause", "group": "research"}).json()["id"]
        == (started.json()["id"])
    )
    assert send("put", place, BODY).json()["points"][0]["reason"] == POINT["reason"]
    assert send("put", place, {**BODY, "points": []}).json()["points"] == []
    assert [draft["id"] for draft in send("get", DRAFTS).json()["results"]] == [
        started.json()["id"]
    ]
    receipt = send("post", f"{place}submit/")
    assert receipt.status_code == 201
    shown = client.get(receipt.json()["url"]).json()
    assert (shown["title"], shown["source"]) == ("Our view", "api")
    assert send("get", place).status_code == 404


def test_a_discarded_draft_is_gone(send, consultation):
    place = send("post", DRAFTS, {"consultation": "pause", "group": "civil"}).headers["Location"]
    assert send("delete", place).status_code == 204
    assert send("get", place).status_code == 404


def test_the_draft_of_somebody_else_does_not_exist(send, consultation):
    place = send("post", DRAFTS, {"consultation": "pause", "group": "civil"}).headers["Location"]
    _token, text = make_token(User.objects.create_user("b@example.org"), name="b", scope="write")
    other = {"Authorization": f"Token {text}"}
    assert send("get", DRAFTS, headers=other).json()["results"] == []
    for method, path in [("get", place), ("put", place), ("post", f"{place}submit/")]:
        assert send(method, path, BODY, headers=other).status_code == 404
    assert send("delete", place, headers=other).status_code == 404


def test_a_draft_for_oneself_needs_a_group(send, consultation):
    answer = send("post", DRAFTS, {"consultation": "pause"})
    assert answer.json()["errors"][0]["field"] == "group"


def test_a_document_shows_how_many_points_lie_on_each_provision(client, send, consultation):
    send("post", FILE, BODY)
    version = client.get("/api/v1/consultations/pause/documents/draft/versions/1/").json()
    assert [(p["key"], p["points"]) for p in version["provisions"]] == [
        ("art-1", []),
        ("art-2", [{"group": "research", "stance": "changes", "points": 1}]),
        ("art-3", []),
    ]
    heard = client.get("/api/v1/consultations/pause/heard/").json()
    assert {"group": "research", "question": None, "submissions": 1, "letters": 1} in heard
