"""Briefings over the API: from a claim to the exact words it rests on, and back."""

import hashlib

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.briefings.models import Briefing, BriefingFile, Citation, Claim
from apps.consultations.models import HostRole
from apps.consultations.services import give_role
from apps.jobs.models import Job

BRIEFINGS = "/api/v1/consultations/pause/briefings/"


@pytest.fixture
def staff(consultation, person):
    give_role(consultation.host, person, HostRole.Role.ANALYST)
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def briefing(consultation, file_many):
    made = Briefing.objects.create(
        consultation=consultation,
        version=1,
        state=Briefing.State.READY,
        content={"schema": "plenary.briefing/1"},
        content_hash="0" * 64,
    )
    for position, submission in enumerate(file_many(12)):
        answer = submission.answers.get()
        claim = Claim.objects.create(
            briefing=made,
            number=f"1.{position}",
            position=position,
            section="themes",
            kind="for",
            text="{n} of them say why.",
            numbers={"n": {"value": 12, "query": "submissions that say why"}},
        )
        words = answer.text[3:9]
        Citation.objects.create(
            claim=claim,
            submission=submission,
            answer=answer,
            start=3,
            end=9,
            sha256=hashlib.sha256(words.encode()).hexdigest(),
        )
    return made


def test_a_claim_leads_to_the_exact_words_of_a_submission_and_back(client, briefing):
    claim = client.get(f"{BRIEFINGS}1/claims/").json()["results"][3]
    assert claim["text"].replace("\u00a0", " ") == "12 of them say why."
    (citation,) = claim["citations"]
    quote = citation["passage"]
    submission = client.get(citation["url"]).json()
    (answer,) = [a for a in submission["answers"] if a["part"] == quote["part"]]
    assert answer["text"][quote["start"] : quote["end"]] == quote["text"] == "ause o"
    back = client.get(
        "/api/v1/consultations/pause/claims/", {"submission": submission["reference"]}
    )
    assert [found["number"] for found in back.json()["results"]] == [claim["number"]]
    assert client.get(f"{BRIEFINGS}1/claims/{claim['number']}/").json() == claim


def test_a_page_of_claims_asks_the_database_a_constant_number_of_times(client, briefing):
    counts = []
    for size in (2, 12):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{BRIEFINGS}1/claims/?page_size={size}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 6


def test_a_briefing_that_is_being_built_is_seen_by_staff_only(client, staff, briefing):
    Briefing.objects.update(state=Briefing.State.BUILDING)
    for path in (f"{BRIEFINGS}1/", f"{BRIEFINGS}1/claims/1.1/", f"{BRIEFINGS}1/content/"):
        assert client.get(path).status_code == 404
    assert staff.get(f"{BRIEFINGS}1/").json()["state"] == "building"
    assert client.get(BRIEFINGS).json()["results"] == []


def test_a_file_is_sent_with_its_checksum_as_tag(client, briefing, settings, tmp_path):
    settings.BRIEFINGS_ROOT = tmp_path
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7")
    digest = hashlib.sha256(b"%PDF-1.7").hexdigest()
    BriefingFile.objects.create(
        briefing=briefing, format="pdf", path="b.pdf", sha256=digest, size=8
    )
    (file,) = client.get(f"{BRIEFINGS}1/").json()["files"]
    answer = client.get(file["url"], headers={"Accept": "application/pdf"})
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert answer.headers["ETag"] == f'"{digest}"'
    assert answer.headers["Content-Disposition"].startswith("attachment")
    again = client.get(file["url"], headers={"If-None-Match": f'"{digest}"'})
    assert again.status_code == 304
    assert client.get(f"{BRIEFINGS}1/files/docx/").status_code == 404


def test_staff_starts_a_briefing_and_follows_its_progress(client, staff, consultation):
    started = staff.post(BRIEFINGS)
    assert started.status_code == 202
    assert Job.objects.count() == 1
    progress = started.headers["Location"]
    assert staff.get(progress).json()["state"] == "building"
    assert client.get(progress).status_code == 401


def test_a_briefing_is_started_once_per_key(staff, consultation):
    key = {"Idempotency-Key": "k"}
    answers = [
        staff.post(BRIEFINGS, content_type="application/json", headers=key) for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    assert Briefing.objects.count() == 1


def test_staff_tries_a_failed_briefing_again(staff, consultation):
    staff.post(BRIEFINGS, content_type="application/json")
    Briefing.objects.update(state=Briefing.State.FAILED)
    Job.objects.update(state=Job.State.DEAD, finished_at=timezone.now())
    answer = staff.post(f"{BRIEFINGS}1/retry/", content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (202, "building")
    assert Job.objects.get().state == Job.State.QUEUED


def test_who_is_no_staff_starts_none(client, bearer, consultation):
    answer = client.post(BRIEFINGS, headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
