"""Files over the API: sent first and named by a submission, or attached to a draft."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.submissions.models import Attachment, Submission
from tests.submissions import papers

pytestmark = pytest.mark.django_db
ATTACHMENTS = "/api/v1/attachments/"
JSON = "application/json"


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def send(client, bearer, name="paper.pdf", data=None, address=ATTACHMENTS, **more):
    file = SimpleUploadedFile(name, papers.pdf() if data is None else data)
    return client.post(address, {"file": file, **more}, headers=bearer)


def file(client, bearer, **content):
    content = {"group": "civil", "answers": [{"question": "why", "text": "So."}], **content}
    return client.post(
        "/api/v1/consultations/pause/submissions/", content, content_type=JSON, headers=bearer
    )


def test_a_submission_in_one_request_names_a_file_sent_before(client, bearer, consultation):
    sent = send(client, bearer, title="Our paper")
    assert sent.status_code == 201
    assert sent.json()["state"] == "waiting"
    key = sent.json()["key"]
    point = {"provision": "art-1", "reason": "So.", "files": [key]}
    receipt = file(client, bearer, attachments=[{"key": key, "title": "Paper"}], points=[point])
    assert receipt.status_code == 201, receipt.json()
    papers.do_all_jobs()
    whole = client.get(receipt.json()["url"]).json()
    attachment = whole["attachments"][0]
    assert (attachment["title"], attachment["number"], attachment["point"]) == ("Paper", 1, 1)
    assert (attachment["state"], attachment["page_count"]) == ("read", 1)
    pages = client.get(attachment["pages"]).json()["results"]
    assert pages[0]["part"] == "attachment:1#page=1"
    span = pages[0]["passages"][0]
    assert span["part"] == "attachment:1#page=1"
    assert pages[0]["text"][span["start"] : span["end"]] == papers.SENTENCE
    copy = b"".join(client.get(attachment["file"]).streaming_content)
    assert copy.startswith(b"%PDF")
    assert b"Jane" not in copy


def test_a_file_is_attached_to_a_draft_and_removed(client, bearer, consultation):
    draft = client.post(
        "/api/v1/drafts/",
        {"consultation": "pause", "group": "civil"},
        content_type=JSON,
        headers=bearer,
    ).json()
    address = f"/api/v1/drafts/{draft['id']}/attachments/"
    key = send(client, bearer, address=address).json()["key"]
    there = client.get(f"/api/v1/drafts/{draft['id']}/", headers=bearer).json()["attachments"]
    assert [one["key"] for one in there] == [key]
    assert client.get(f"{ATTACHMENTS}{key}/").status_code == 404, "a draft is private"
    assert client.delete(f"{ATTACHMENTS}{key}/", headers=bearer).status_code == 204
    assert not Attachment.objects.exists()


def test_a_file_cannot_be_named_by_somebody_else_nor_twice(client, bearer, consultation):
    key = send(client, bearer).json()["key"]
    Attachment.objects.update(sender=User.objects.create_user("b@example.org", "x" * 20))
    refused = file(client, bearer, attachments=[{"key": key}])
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "attachments.0"
    assert not Submission.objects.exists()


def test_a_refused_file_is_a_problem_that_says_what_to_do(client, bearer):
    refused = send(client, bearer, "paper.docx", papers.pdf())
    assert refused.status_code == 422
    assert refused.json()["code"] == "file_refused"
    assert "Save it again in the program it comes from." in refused.json()["detail"]


def test_the_same_file_sent_again_is_the_same_attachment(client, bearer):
    keys = {send(client, bearer, data=b"Words.", name="a.txt").json()["key"] for _ in range(2)}
    assert len(keys) == 1


@pytest.mark.parametrize("data", [{}, {"file": "no file"}, {"title": "x" * 301}])
def test_a_request_without_a_file_is_refused(client, bearer, data):
    assert client.post(ATTACHMENTS, data, headers=bearer).status_code == 400


def test_the_list_of_pages_costs_the_same_whatever_their_number(client, bearer, consultation):
    counts = []
    for pages in (1, 30):
        data = b"\f".join(b"Words of page %d." % n for n in range(pages))
        key = send(client, bearer, name="a.txt", data=data).json()["key"]
        file(client, bearer, attachments=[{"key": key}])
        papers.do_all_jobs()
        with CaptureQueriesContext(connection) as queries:
            listed = client.get(f"{ATTACHMENTS}{key}/pages/").json()["results"]
        assert len(listed) == pages
        counts.append(len(queries))
    assert counts[0] == counts[1]
