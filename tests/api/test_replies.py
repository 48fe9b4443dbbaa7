"""Replies over the API: filed in one request or by a draft, listed, counted, read in threads."""

import pytest
from django.utils import timezone

from apps.consultations.models import Phase
from apps.submissions.models import Reply, Submission
from tests.api.test_lists import queries, walk
from tests.factories import PointFactory, ReplyPhaseFactory, SubmissionFactory

REPLIES = "/api/v1/consultations/pause/replies/"
SUBMISSIONS = "/api/v1/consultations/pause/submissions/"


@pytest.fixture
def target(consultation):
    ReplyPhaseFactory(consultation=consultation)
    provision = consultation.documents.get().versions.get().provisions.get(key="art-1")
    said = SubmissionFactory(consultation=consultation, group="company", reference="REF-1")
    return PointFactory(submission=said, provision=provision, number=1)


def body(**more):
    sources = [{"url": "https://example.org/a", "title": "A study"}]
    one = {"submission": "REF-1", "part": "point:1", "kind": "evidence", "text": "So it is."}
    return {"group": "research", "replies": [{**one, "evidence": sources, **more}]}


@pytest.fixture
def many(consultation, target):
    """Sixty replies: of every kind in turn, by two groups."""
    for n in range(60):
        one = SubmissionFactory(
            consultation=consultation, is_reply=True, group=("civil", "union")[n % 2]
        )
        kind = Reply.Kind.values[n % 4]
        Reply.objects.create(
            submission=one, number=1, answered=target.submission, point=target, kind=kind, text="So"
        )


def post(client, url, content, **headers):
    return client.post(url, content, content_type="application/json", headers=headers)


def test_a_reply_is_filed_in_one_request_and_read_in_its_thread(client, bearer, target):
    answer = post(client, SUBMISSIONS, body(), **bearer)
    assert answer.status_code == 201
    number = answer.json()["number"]
    (row,) = walk(client, f"{REPLIES}?submission=REF-1&part=point:1")
    assert (row["submission"], row["group"], row["kind"]) == (number, "research", "evidence")
    assert row["answers"]["words"] == target.reason
    assert row["page"].endswith(f"{number}/#reply-1")
    (same,) = client.get(row["url"]).json()["replies"]
    assert same == {name: row[name] for name in same}
    assert client.get(SUBMISSIONS).json()["results"][0]["reference"] == "REF-1"


def test_a_draft_of_replies_is_started_saved_and_filed(client, bearer, target):
    start = {"consultation": "pause", "group": "research", "is_reply": True}
    draft = post(client, "/api/v1/drafts/", start, **bearer).json()
    assert draft["is_reply"] is True
    url = f"/api/v1/drafts/{draft['id']}/"
    saved = client.put(url, body(), content_type="application/json", headers=bearer)
    assert saved.json()["replies"][0]["answers"]["submission"] == "REF-1"
    assert post(client, f"{url}submit/", {}, **bearer).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "applause"}, "replies"),
        ({"text": "a" * 100_001}, "replies"),
        ({"text": ""}, "replies.0.text"),
        ({"part": "point:9"}, "replies.0.part"),
        ({"submission": "nobody"}, "replies.0.part"),
    ],
)
def test_what_is_wrong_is_named(client, bearer, target, wrong, field):
    answer = post(client, SUBMISSIONS, body(**wrong), **bearer)
    assert answer.status_code in (400, 422)
    assert any(error["field"].startswith(field) for error in answer.json()["errors"])
    assert not Reply.objects.exists()


def test_a_closed_reply_phase_is_a_problem_of_its_own(client, bearer, target):
    Phase.objects.filter(kind="reply").update(closes_at=timezone.now())
    answer = post(client, SUBMISSIONS, body(), **bearer)
    assert (answer.status_code, answer.json()["code"]) == (409, "phase_closed")


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("", 60),
        ("?group=civil", 30),
        ("?kind=question", 15),
        ("?provision=art-1&kind=rebuttal", 15),
        ("?provision=art-2", 0),
        ("?question=why", 0),
        ("?submission=REF-1&part=point:2", 0),
        ("?submission=REF-1&part=nonsense", 0),
    ],
)
def test_filters_narrow_the_list_and_the_counts_alike(client, many, query, n):
    assert len(walk(client, REPLIES + query)) == n
    counts = client.get(f"{REPLIES}counts/{query}").json()
    assert sum(row["replies"] for row in counts) == n


def test_a_list_asks_the_database_as_often_for_fifty_rows_as_for_five(client, many):
    few = queries(client, f"{REPLIES}?page_size=5")
    assert queries(client, f"{REPLIES}?page_size=50") == few <= 6


def test_words_that_were_withdrawn_are_shown_nowhere(client, bearer, target):
    number = post(client, SUBMISSIONS, body(), **bearer).json()["number"]
    Submission.objects.filter(reference="REF-1").update(state="withdrawn")
    (row,) = walk(client, REPLIES)
    assert (row["answers"]["state"], row["answers"]["words"]) == ("withdrawn", "")
    Submission.objects.filter(reference=number).update(state="withdrawn")
    assert walk(client, REPLIES) == []
    assert client.get(f"{SUBMISSIONS}{number}/").json()["replies"] == []
