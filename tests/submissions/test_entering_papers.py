"""What came on paper or by e-mail is entered by the host's staff on behalf of who sent it."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Entry
from apps.audit.services import check_receipt
from apps.core.errors import NotAllowed
from apps.jobs.executing import run_until_idle
from apps.submissions.errors import InvalidContent
from apps.submissions.inputs import AnswerInput, DraftInput, FileNote, PointInput
from apps.submissions.models import GroupTally, Submission
from apps.submissions.services import (
    FileInput,
    PaperInput,
    attach,
    enter_for_somebody,
    take_back,
)
from tests.factories import HostRoleFactory, SubmissionFactory
from tests.submissions import papers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def days_ago(number):
    return f"{timezone.now() - timedelta(days=number):%Y-%m-%d}"


def letter(**changes):
    content = {"group": "civil", "title": "Our letter", "language": "fr", "country": "France"}
    content |= {"answers": [AnswerInput("why", "Because.")]}
    content |= changes.pop("content", {})
    fields = {"received_on": days_ago(3), "organisation": "Amis du lac", "text": "And more."}
    return PaperInput(DraftInput(**content), **{**fields, **changes})


def enter(consultation, by, **changes):
    receipt = enter_for_somebody(consultation, letter(**changes), by=by)
    return Submission.objects.get(reference=receipt.number)


def test_a_letter_is_filed_with_a_receipt_and_marked_as_entered_by_staff(
    open_consultation, moderator, client
):
    point = PointInput("article-1", stance="oppose", reason="Too late.")
    made = enter(open_consultation, moderator, content={"points": [point]})
    assert (made.source, made.identity, made.author, made.organisation) == ("paper", "", None, None)
    assert (made.organisation_name, made.group, made.language) == ("Amis du lac", "civil", "fr")
    assert f"{made.submitted_at:%Y-%m-%d}" == days_ago(3)
    texts = dict(made.answers.values_list("question__key", "text"))
    assert texts == {"why": "Because.", "comment": "And more."}
    assert made.points.get().stance == "oppose"
    assert check_receipt(made.reference).entry_is_intact
    entry = Entry.objects.get(kind="submission.entered")
    assert entry.detail == {
        "source": "paper",
        "received_on": days_ago(3),
        "after_closing": False,
    }
    page = client.get(made.get_absolute_url()).text
    assert page.count("Received on paper, entered by the host’s staff") == 2
    assert ">Received on</dt>" in page
    assert "Verified" not in page
    assert GroupTally.objects.get(group="civil", question=None).submissions == 1


def test_a_country_that_is_none_is_refused_and_not_counted_as_unknown(open_consultation, owner):
    with pytest.raises(InvalidContent) as refused:
        enter(open_consultation, owner, content={"country": "Utopia"})
    assert list(refused.value.fields) == ["country"]
    assert enter(open_consultation, owner, content={"country": "ke"}).country == "ke"


def test_free_text_needs_no_question_that_everybody_is_asked(open_consultation, owner):
    asked = open_consultation.questions.asked().count()
    enter(open_consultation, owner)
    enter(open_consultation, owner)
    assert open_consultation.questions.asked().count() == asked
    assert open_consultation.questions.filter(key="comment").count() == 1


def test_the_scan_is_cleaned_and_read_by_the_job(open_consultation, owner):
    sent = FileInput("letter.pdf", io.BytesIO(papers.pdf("Heron words on paper.")))
    scan = attach(None, sent, by=owner)
    made = enter(
        open_consultation,
        owner,
        text="",
        content={"answers": [], "attachments": [FileNote(scan.key, "The letter")]},
    )
    run_until_idle(f"attachment:{scan.pk}")
    file = made.attachments.get()
    assert (file.state, file.title, file.kept_back) == ("read", "The letter", "")
    assert made.passages.filter(page__isnull=False).exists()


def test_a_scan_with_personal_data_can_be_kept_back(open_consultation, owner, client):
    scan = attach(
        None, FileInput("letter.txt", io.BytesIO(b"Yours, Jo Doe, Lake Road 1")), by=owner
    )
    made = enter(
        open_consultation,
        owner,
        organisation="",
        content={"group": "individual", "attachments": [FileNote(scan.key, "", "personal")]},
    )
    run_until_idle(f"attachment:{scan.pk}")
    assert made.visibility == "confidential"
    assert made.attachments.public().count() == 0
    page = client.get(made.get_absolute_url()).text
    assert "Because." in page
    assert "letter.txt" not in page


def test_what_came_within_the_phase_is_entered_after_it_closed_and_the_log_says_so(
    closed_consultation, owner
):
    made = enter(closed_consultation, owner, received_on=days_ago(2), source="email")
    assert made.get_source_display().startswith("Received by e-mail")
    assert made.submitted_at <= made.phase.closes_at
    assert Entry.objects.get(kind="submission.entered").detail["after_closing"] is True


@pytest.mark.parametrize(
    ("received_on", "told"),
    [
        ("", "Give the day"),
        ("2026-02-31", "Give the day"),
        ("soon", "Give the day"),
        ("9999-12-31", "still to come"),
        ("2001-01-01", "no responses were taken"),
    ],
)
def test_a_day_outside_the_phase_is_refused(closed_consultation, owner, received_on, told):
    with pytest.raises(InvalidContent) as refused:
        enter(closed_consultation, owner, received_on=received_on)
    assert told in str(refused.value.fields["received_on"][0])


def test_a_day_after_the_phase_closed_is_refused(closed_consultation, owner):
    with pytest.raises(InvalidContent) as refused:
        enter(closed_consultation, owner, received_on=days_ago(0))
    assert set(refused.value.fields) == {"received_on"}
    assert not Submission.objects.exists()


def test_everything_that_needs_attention_is_named_at_once(open_consultation, owner):
    with pytest.raises(InvalidContent) as refused:
        enter(
            open_consultation,
            owner,
            source="fax",
            organisation="Evil\u202eeciffo",
            text="",
            content={"group": "", "answers": [], "points": [PointInput("article-1")]},
        )
    assert set(refused.value.fields) == {
        *("source", "organisation", "group", "points.0.reason"),
    }
    assert not open_consultation.questions.filter(key="comment").exists()
    told = str(refused.value.fields["group"][0])
    assert told == "Choose the group of the person or body it came from."


def test_nothing_at_all_cannot_be_entered(open_consultation, owner):
    with pytest.raises(InvalidContent) as refused:
        enter(open_consultation, owner, text=" ", content={"answers": []})
    assert set(refused.value.fields) == {"text"}


@pytest.mark.parametrize("role", ["owner", "editor", "moderator"])
def test_owners_editors_and_moderators_may_enter_papers(open_consultation, role):
    person = HostRoleFactory(host=open_consultation.host, role=role).user
    assert enter(open_consultation, person).is_entered_by_staff


@pytest.mark.parametrize("role", ["analyst", "dpo", None])
def test_nobody_else_may_enter_papers(open_consultation, role, participant, stranger_to_the_host):
    people = [participant, stranger_to_the_host]
    if role:
        people = [HostRoleFactory(host=open_consultation.host, role=role).user]
    for person in people:
        with pytest.raises(NotAllowed):
            enter(open_consultation, person)


def test_it_belongs_to_nobody_and_sends_no_mail(open_consultation, owner, client):
    made = enter(open_consultation, owner)
    run_until_idle(f"passages:{made.pk}")
    client.force_login(owner)
    place = reverse("submissions:filed", args=[open_consultation.slug, made.reference])
    assert client.get(place).status_code == 404
    assert made.passages.exists()


def test_a_letter_entered_by_mistake_is_taken_back_with_a_reason_all_can_read(
    client, open_consultation, owner
):
    made = enter(open_consultation, owner)
    client.force_login(owner)
    address = reverse("submissions:paper-filed", args=[open_consultation.slug, made.reference])
    assert "Entered by mistake?" in client.get(address).text
    refused = client.post(address, {"why": " "})
    assert refused.status_code == 422
    assert "Say why." in refused.text
    assert client.post(address, {"why": "It belongs to another <matter>."}).url == address
    assert "It was taken back" in client.get(address).text
    client.logout()
    page = client.get(made.get_absolute_url()).text
    assert "had entered this by mistake" in page
    assert "another &lt;matter&gt;." in page
    assert "And more." not in page
    client.force_login(owner)
    assert client.post(address, {"why": "Again."}).status_code == 409


def test_staff_takes_back_only_what_staff_entered(open_consultation, owner, analyst, participant):
    made = enter(open_consultation, owner)
    with pytest.raises(NotAllowed):
        take_back(made, "Mine.", by=analyst)
    theirs = SubmissionFactory(consultation=open_consultation, author=participant)
    with pytest.raises(NotAllowed, match="Only what staff entered"):
        take_back(theirs, "Why not.", by=owner)
