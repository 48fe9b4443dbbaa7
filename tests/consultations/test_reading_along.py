"""Analysts and data-protection officers read what their duty needs, without a button that acts."""

import re

import pytest
from django.urls import reverse

from apps.audit.services import record
from apps.briefings.models import Briefing
from apps.consultations.models import HostRole
from apps.consultations.services import add_stakeholders
from apps.moderation.services import DecisionInput, decide, open_case
from apps.submissions import storing
from apps.submissions.models import Attachment, AttachmentPage, Dispute, ImportUpload
from apps.submissions.tallies import count_points
from tests.factories import (
    AnswerFactory,
    HostRoleFactory,
    PointFactory,
    SubmissionFactory,
)


@pytest.fixture
def officer(host):
    return HostRoleFactory(host=host, role=HostRole.Role.DATA_PROTECTION_OFFICER).user


@pytest.fixture
def filed(open_consultation, participant):
    made = SubmissionFactory(
        consultation=open_consultation, author=participant, visibility="confidential"
    )
    question = open_consultation.questions.get(key="why")
    AnswerFactory(submission=made, question=question, text="Ask Jo at 12 Harbour Street.")
    return made


def page_of(client, person, name, *more):
    client.force_login(person)
    answer = client.get(reverse(name, args=more))
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_analyst_reads_the_ledger_and_answers_nothing(client, analyst, filed):
    slug = filed.consultation.slug
    provision = filed.consultation.documents.get().versions.get().provisions.first()
    point = PointFactory(submission=filed, provision=provision, number=1, reason="It is too short.")
    count_points(filed.group, [point])
    page = page_of(client, analyst, "responses:ledger", slug)
    assert "It is too short." in page
    assert "Publish the response" not in page
    assert "Answer what was said" not in page
    assert 'type="checkbox" name="target"' not in page
    assert "/promise/" not in page
    assert client.post(reverse("responses:ledger", args=[slug]), {}).status_code == 404


def test_an_owner_still_answers_in_the_ledger(client, owner, filed):
    provision = filed.consultation.documents.get().versions.get().provisions.first()
    PointFactory(submission=filed, provision=provision, number=1)
    page = page_of(client, owner, "responses:ledger", filed.consultation.slug)
    assert "Publish the response" in page
    assert 'type="checkbox" name="target"' in page


def test_an_analyst_is_led_to_the_results(client, analyst, open_consultation):
    slug = open_consultation.slug
    page = page_of(client, analyst, "consultations:workspace-consultation", slug)
    assert reverse("briefings:results", args=[slug]) not in page
    assert "Readers find the briefing and the results here as soon as one is published." in page
    Briefing.objects.create(consultation=open_consultation, version=1, state="ready")
    page = page_of(client, analyst, "consultations:workspace-consultation", slug)
    assert reverse("briefings:results", args=[slug]) in page
    assert "The record" not in page
    assert "What is kept back" not in page


def test_an_officer_reads_readiness_and_cannot_publish(client, officer, open_consultation):
    open_consultation.published_at = None
    open_consultation.save()
    page = page_of(client, officer, "consultations:readiness", open_consultation.slug)
    assert "Publish the consultation" not in page
    assert reverse("consultations:details", args=[open_consultation.slug]) not in page
    address = reverse("consultations:readiness", args=[open_consultation.slug])
    assert client.post(address, {"reason": "Now."}).status_code == 404
    open_consultation.refresh_from_db()
    assert open_consultation.published_at is None


def test_an_officer_reads_what_was_decided_without_the_words(client, officer, moderator, filed):
    found = open_case(filed, "answer:why", by=moderator)
    entered = DecisionInput("redact", "personal", ["12 Harbour Street"], "It tells where.", "")
    decide(found, entered, by=moderator)
    slug = filed.consultation.slug
    page = page_of(client, officer, "moderation:case", slug, found.pk)
    assert "It tells where." in page
    assert "12 Harbour Street" not in page
    assert "12 Harbour Street" in page_of(client, moderator, "moderation:case", slug, found.pk)
    client.force_login(officer)
    told = client.get(reverse("api:moderation-decided", args=[slug])).json()["results"]
    assert [one["removed"] for one in told] == [[]]
    told = client.get(reverse("api:moderation-case", args=[slug, found.pk])).json()
    assert [one["removed"] for one in told["decisions"]] == [[]]


def test_an_officer_sees_no_form_on_a_case_that_waits(client, officer, moderator, filed):
    Attachment.objects.create(
        submission=filed,
        number=1,
        name="payroll.pdf",
        title="Payroll",
        kept_back="personal",
        media_type=Attachment.Media.PDF,
        size=1,
        sha256="0" * 64,
    )
    found = open_case(filed, "", by=moderator)
    page = page_of(client, officer, "moderation:case", filed.consultation.slug, found.pk)
    assert 'name="statement"' not in page
    assert "Payroll" not in page
    assert "Payroll" in page_of(
        client, moderator, "moderation:case", filed.consultation.slug, found.pk
    )


def test_an_officer_reads_no_page_of_a_file_that_is_kept_back(client, officer, moderator, filed):
    file = Attachment.objects.create(
        submission=filed,
        number=1,
        name="payroll.pdf",
        kept_back="personal",
        media_type=Attachment.Media.PDF,
        size=1,
        published="p",
        state="read",
        page_count=2,
    )
    AttachmentPage.objects.create(attachment=file, number=1, text="Jo earns 12 crowns.")
    found = open_case(filed, "attachment:1", by=moderator)
    place = ("moderation:case", filed.consultation.slug, found.pk)
    assert "12 crowns" in page_of(client, moderator, *place)
    for name, key in ((place[0], place[1:]), ("submissions:attachment-text", [file.key])):
        assert "no-store" in client.get(reverse(name, args=key)).headers["Cache-Control"]
    assert "12 crowns" not in page_of(client, officer, *place)


def test_an_officer_reads_disputes_and_decides_none(client, officer, filed):
    dispute = Dispute.objects.create(submission=filed)
    slug = filed.consultation.slug
    page = page_of(client, officer, "submissions:disputes", slug)
    assert filed.reference in page
    assert "What did you find?" not in page
    address = reverse("submissions:decide-dispute", args=[slug, dispute.pk])
    assert client.post(address, {"outcome": "upheld", "reason": "So."}).status_code == 404


def test_an_officer_reads_the_record_and_what_is_kept_back(client, officer, owner, filed):
    record("consultation.renamed", subject=filed.consultation.slug, actor=owner)
    record("consultation.hidden_away", subject="another-consultation", actor=owner)
    reused = {"from": "PL-7K3M-9Q2X-4TBC", "parts": 1}
    record("draft.reused", subject=filed.consultation.slug, actor=owner, detail=reused)
    record("attachment.added", subject=filed.consultation.slug, actor=owner, detail={"bytes": 7})
    page = page_of(client, officer, "consultations:workspace-consultation", filed.consultation.slug)
    assert "consultation.renamed" in page
    for hidden in ("consultation.hidden_away", "draft.reused", "PL-7K3M", "attachment.added"):
        assert hidden not in page
    assert owner.email not in page
    assert "What is kept back" in page


def test_an_officer_reads_counts_of_what_is_held_and_no_name(
    client, officer, open_consultation, owner, participant, filed
):
    Attachment.objects.create(
        submission=filed,
        number=1,
        name="secret-plan.txt",
        media_type="text/plain",
        size=1,
        kept_back="business",
    )
    add_stakeholders(open_consultation, "Lake; civil; KE; lake@example.org", by=owner)
    page = page_of(client, officer, "consultations:protection", open_consultation.slug)
    rows = rows_of(page)
    assert rows["Accounts that responded"] == "1"
    assert rows["E-mail addresses of those invited or to be invited"] == "1"
    assert rows["Files that are kept back"] == "1"
    assert rows["Submissions with a name or words withheld"] == "1"
    assert "PLENARY_INVITED_ADDRESS_DAYS" in page
    slug = open_consultation.slug
    told = client.get(f"/api/v1/workspace/consultations/{slug}/data-protection/")
    held = {one["label"]: str(one["count"]) for one in told.json()["holdings"]}
    assert held.items() <= rows.items()
    for kept in ("lake@example.org", participant.email, participant.name, "secret-plan"):
        assert kept not in page
        assert kept not in told.text
    assert ">Data protection</a>" in page


def test_what_staff_fetches_of_what_is_kept_back_is_on_record(
    client, officer, owner, participant, filed, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    with storing.writing() as (stored, file):
        file.write(b"Ours alone.")
    kept = Attachment.objects.create(
        submission=filed,
        number=1,
        name="plan.txt",
        media_type="text/plain",
        size=11,
        published=stored,
        kept_back="business",
    )
    label = "Files that are kept back, by staff"
    address = reverse("submissions:attachment", args=[kept.key])
    client.force_login(participant)
    assert client.get(address).status_code == 200
    page = page_of(client, officer, "consultations:protection", filed.consultation.slug)
    assert rows_of(page)[label] == "0", "one's own file is nobody else's to count"
    client.force_login(owner)
    assert client.get(address).status_code == 200
    assert client.get(f"/api/v1/attachments/{kept.key}/file/").status_code == 200
    page = page_of(client, officer, "consultations:protection", filed.consultation.slug)
    assert rows_of(page)[label] == "2"


def test_the_rows_of_a_table_are_on_record_once_fetched(
    client, officer, owner, open_consultation, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    with storing.writing() as (stored, file):
        file.write(b"line,reason\r\n")
    made = ImportUpload.objects.create(
        consultation=open_consultation, name="a.csv", kind="csv", size=1, rejects=stored
    )
    client.force_login(owner)
    rejects = reverse("submissions:import-rejects", args=[open_consultation.slug, made.pk])
    assert client.get(rejects).status_code == 200
    page = page_of(client, officer, "consultations:protection", open_consultation.slug)
    assert rows_of(page)["Rows of tables that were not taken in"] == "1"


@pytest.mark.parametrize("role", HostRole.Role.values)
def test_owners_and_officers_alone_are_offered_data_protection(client, host, filed, role):
    client.force_login(HostRoleFactory(host=host, role=role).user)
    slug = filed.consultation.slug
    is_offered = role in ("owner", "dpo")
    address = reverse("consultations:protection", args=[slug])
    shown = client.get(reverse("consultations:workspace-consultation", args=[slug]))
    assert (address in shown.content.decode()) == is_offered
    assert client.get(address).status_code == (200 if is_offered else 404)


def test_counting_what_is_held_costs_the_same_however_much_it_is(
    client, officer, owner, open_consultation, django_assert_max_num_queries
):
    listed = "\n".join(f"Body {n}; civil; KE; body{n}@example.org" for n in range(20))
    add_stakeholders(open_consultation, listed, by=owner)
    SubmissionFactory.create_batch(12, consultation=open_consultation)
    for _n in range(12):
        record("stakeholder.removed", subject=open_consultation.slug)
    client.force_login(officer)
    with django_assert_max_num_queries(20):
        page = client.get(reverse("consultations:protection", args=[open_consultation.slug]))
    assert rows_of(page.content.decode())["Stakeholders taken off the list"] == "12"


def rows_of(page):
    """Return the first figure of each row of the tables, by the head of the row."""
    found = re.findall(
        r'<th scope="row" role="rowheader">([^<]+)</th><td role="cell" class="num"[^>]*>(\d+)', page
    )
    return dict(found)
