"""Whatever the workspace takes in, a program can take in too."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.services import make_token
from apps.audit.services import check_receipt
from apps.consultations.models import HostRole
from apps.jobs.executing import run_until_idle
from apps.submissions.models import ImportUpload, Submission
from tests.factories import UserFactory, days
from tests.submissions.take_in import as_csv

pytestmark = pytest.mark.django_db
IMPORTS = "/api/v1/consultations/pause/imports/"
PAPERS = "/api/v1/consultations/pause/paper-submissions/"


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def staff(consultation):
    """Headers of a program of an editor of the host."""
    editor = UserFactory(email="editor@example.org")
    HostRole.objects.create(host=consultation.host, user=editor, role=HostRole.Role.EDITOR)
    _token, text = make_token(editor, name="test", scope="write")
    return {"Authorization": f"Token {text}"}


def upload(client, headers, *rows):
    file = SimpleUploadedFile("a.csv", as_csv(*rows), "text/csv")
    return client.post(IMPORTS, {"file": file}, headers=headers)


def send(client, method, url, body, headers):
    act = getattr(client, method)
    return act(url, json.dumps(body), content_type="application/json", headers=headers)


def test_a_table_is_uploaded_mapped_run_and_its_rejects_fetched(client, staff):
    rows = (["id", "category", "comment", "email"], ["1", "Academic", "One.", "a@example.org"])
    made = upload(client, staff, *rows, ["2", "Guild", "", "b@example.org"])
    assert made.status_code == 201, made.text
    facts = made.json()
    assert facts["mapping"]["fields"] == {"reference": "id", "group": "category", "text": "comment"}
    assert facts["first_rows"][0] == ["1", "Academic", "One.", ""]
    assert {"label": "Academic", "rows": 1, "proposed": "research"} in facts["labels"]
    one = facts["url"]
    early = send(client, "post", f"{one}run/", {}, staff)
    assert (early.status_code, early.json()["code"]) == (422, "invalid_content")
    mapping = {"fields": facts["mapping"]["fields"], "groups": {"Academic": "research"}}
    mapped = send(client, "put", f"{one}mapping/", mapping | {"rest": "other"}, staff)
    assert (mapped.status_code, mapped.json()["state"]) == (200, "mapped")
    keyed = staff | {"Idempotency-Key": "run-1"}
    started = send(client, "post", f"{one}run/", {}, keyed)
    assert (started.status_code, started.json()["state"]) == (202, "running")
    again = send(client, "post", f"{one}run/", {}, keyed)
    assert again.headers["Idempotency-Replayed"] == "true"
    busy = send(client, "put", f"{one}mapping/", mapping, staff)
    assert (busy.status_code, busy.json()["code"]) == (409, "import_under_way")
    run_until_idle(ImportUpload.objects.get().job_key)
    done = client.get(one, headers=staff).json()
    assert (done["state"], done["rows"], done["taken"], done["rejected"]) == ("done", 2, 1, 1)
    assert done["reasons"] == [["the text is missing", "1"]]
    file = client.get(f"{one}rejects/", headers=staff)
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[1] == "3,the text is missing,2,Guild,,b@example.org"
    assert client.get(IMPORTS, headers=staff).json()["results"][0]["taken"] == 1


def test_the_same_file_sent_again_is_the_one_there_is(client, staff):
    first, second = (upload(client, staff, ["a"], ["1"]).json()["id"] for _time in range(2))
    assert first == second
    assert ImportUpload.objects.count() == 1


def test_a_mapping_that_cannot_be_is_refused_place_by_place(client, staff):
    one = upload(client, staff, ["a", "email"], ["1", "x"]).json()["url"]
    body = {"fields": {"text": "email", "title": "gone", "colour": "a"}, "answers": {"who": "a"}}
    refused = send(client, "put", f"{one}mapping/", body, staff)
    assert refused.status_code == 422
    named = {error["field"] for error in refused.json()["errors"]}
    assert {"text", "title", "colour", "who"} <= named


def test_a_letter_is_entered_once_however_often_it_is_sent(client, staff, consultation):
    scan = SimpleUploadedFile("letter.txt", b"Words on paper.", "text/plain")
    key = client.post("/api/v1/attachments/", {"file": scan}, headers=staff).json()["key"]
    body = {
        "source": "paper",
        "received_on": f"{days(-0.5).astimezone(consultation.zone):%Y-%m-%d}",
        "organisation": "Friends of the Lake",
        "group": "civil",
        "text": "Keep it open.",
        "answers": [{"question": "much", "scale": 2}],
        "attachments": [{"key": key, "title": "The letter"}],
    }
    keyed = staff | {"Idempotency-Key": "letter-1"}
    first = send(client, "post", PAPERS, body, keyed)
    assert first.status_code == 201, first.text
    second = send(client, "post", PAPERS, body, keyed)
    assert first.json()["number"] == second.json()["number"]
    made = Submission.objects.get()
    assert (made.source, made.attachments.get().title) == ("paper", "The letter")
    assert check_receipt(made.reference).entry_is_intact
    public = client.get(first.json()["url"]).json()
    assert (public["source"], public["identity"]) == ("paper", "")


def test_a_letter_entered_by_mistake_is_taken_back_with_a_reason(client, staff):
    received_on = f"{days(-0.5):%Y-%m-%d}"
    body = {"source": "paper", "received_on": received_on, "group": "civil", "text": "Ours."}
    made = send(client, "post", PAPERS, body, staff).json()
    address = f"{PAPERS}{made['number']}/withdrawal/"
    assert send(client, "post", address, {"why": " "}, staff).status_code == 400
    assert send(client, "post", address, {"why": "It is another matter."}, staff).status_code == 204
    assert client.get(made["url"]).json()["state"] == "withdrawn"
    assert send(client, "post", address, {"why": "Again."}, staff).status_code == 409


def test_a_person_without_a_role_finds_nothing(client, bearer, consultation):
    assert client.get(IMPORTS, headers=bearer).status_code == 404
    assert upload(client, bearer, ["a"], ["1"]).status_code == 404
    assert send(client, "post", PAPERS, {}, bearer).status_code == 404
