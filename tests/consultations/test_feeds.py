"""What can be subscribed to: news as Atom, dates as a calendar; both are read back."""

from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from icalendar import Calendar

from apps.consultations.models import Notice
from apps.consultations.services.scheduling import PhaseEntry, close_early, schedule
from apps.responses.models import OfficialResponse
from tests.factories import (
    AnswerFactory,
    ConsultationFactory,
    HostRoleFactory,
    PhaseFactory,
    QuestionFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "<script>alert(1)</script> \u202eevil & \x0b more"


@pytest.fixture
def consultation():
    return ConsultationFactory(slug="pause", title=HOSTILE)


def get(client, name):
    return client.get(reverse(f"consultations:{name}", args=["pause"]))


def test_the_newest_submissions_come_first_and_hostile_text_is_text(client, consultation):
    question = QuestionFactory(consultation=consultation)
    for number in range(3):
        submission = SubmissionFactory(
            consultation=consultation, organisation_name=f"Body {number}"
        )
        AnswerFactory(submission=submission, question=question, text=f"{HOSTILE} {number}")
    answer = get(client, "feed")
    assert answer["Content-Type"].startswith("application/atom+xml")
    entries = ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")
    moments = [entry.find(f"{ATOM}updated").text for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert {entry.find(f"{ATOM}title").text for entry in entries} >= {"Body 0", "Body 1", "Body 2"}
    summary = entries[0].find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in summary.text, "what readers show is text"
    for entry in entries:
        assert client.get(entry.find(f"{ATOM}link").get("href")).status_code == 200


def test_a_withdrawn_submission_is_no_news(client, consultation):
    SubmissionFactory(consultation=consultation, state="withdrawn", organisation_name="Gone")
    assert b"Gone" not in get(client, "feed").content


def test_a_feed_costs_the_same_whatever_is_in_it(
    client, consultation, django_assert_max_num_queries
):
    for _number in range(30):
        SubmissionFactory(consultation=consultation)
    with django_assert_max_num_queries(9) as few:
        get(client, "feed")
    for _number in range(5):
        Notice.objects.create(consultation=consultation, kind="moved", reason="More time.")
        OfficialResponse.objects.create(consultation=consultation, decision="scope", reason="No.")
    with django_assert_max_num_queries(len(few)):
        get(client, "feed")


def entries_of(answer):
    """Return the entries of a feed by title: (id, updated, address, summary)."""
    return {
        one.find(f"{ATOM}title").text: tuple(
            one.find(f"{ATOM}{name}").text for name in ("id", "updated", "summary")
        )
        for one in ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")
    }


def test_changed_dates_are_news_with_their_reason(client, consultation, owner):
    HostRoleFactory(host=consultation.host, user=owner, role="owner")
    phase = PhaseFactory(consultation=consultation, title=HOSTILE)
    entry = PhaseEntry.of(phase, consultation)
    later = replace(entry, closes="2099-12-04T12:00")
    schedule(consultation, [later], reason=f"People asked. {HOSTILE}", by=owner)
    close_early(phase, reason="The law was withdrawn.", by=owner)
    entries = entries_of(get(client, "feed"))
    assert list(entries)[:2] == ["Closed early", "Extended"]
    name, updated, summary = entries["Extended"]
    extended, closed = consultation.notices.order_by("id")
    page = reverse("consultations:detail", args=["pause"])
    assert name == f"http://testserver{page}#notice-{extended.pk}"
    assert datetime.fromisoformat(updated) == extended.made_at
    assert "closes 4 December 2099" in summary
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in summary
    assert "<script>" not in summary
    assert "The law was withdrawn." in entries["Closed early"][2]
    assert entries_of(get(client, "feed")) == entries, "what was told stays what it is"
    shown = client.get(page).content.decode()
    assert f'id="notice-{closed.pk}"' in shown


def test_what_is_no_change_of_dates_is_no_news(client, consultation):
    Notice.objects.create(consultation=consultation, kind="archived", reason="Not needed.")
    assert b"Not needed." not in get(client, "feed").content


def test_official_responses_are_news(client, consultation):
    one = OfficialResponse.objects.create(
        consultation=consultation, decision="accepted", reason=f"Because. {HOSTILE}"
    )
    OfficialResponse.objects.create(
        consultation=ConsultationFactory(), decision="rejected", reason="Elsewhere."
    )
    entries = entries_of(get(client, "feed"))
    name, updated, summary = entries["Official response: Accepted"]
    address = reverse("responses:one", args=["pause", one.pk])
    assert name == f"http://testserver{address}"
    assert datetime.fromisoformat(updated) == one.made_at
    assert "&lt;script&gt;" in summary
    assert "Official response: Rejected" not in entries
    assert client.get(address).status_code == 200


def test_the_calendar_names_when_comments_open_and_close(client, consultation):
    phase = PhaseFactory(consultation=consultation, title="Comments")
    answer = get(client, "calendar")
    assert answer["Content-Type"].startswith("text/calendar")
    events = {
        str(event["summary"])[:6]: event for event in Calendar.from_ical(answer.content).events
    }
    assert events["Opens:"].start == phase.opens_at.replace(microsecond=0)
    assert events["Closes"].start == phase.closes_at.replace(microsecond=0)
    assert all(line <= 75 for line in map(len, answer.content.split(b"\r\n")))


def test_a_changed_date_is_a_later_version_of_the_same_event(client, consultation, owner):
    HostRoleFactory(host=consultation.host, user=owner, role="owner")
    phase = PhaseFactory(consultation=consultation)

    def closing():
        events = Calendar.from_ical(get(client, "calendar").content).events
        [found] = [one for one in events if str(one["summary"]).startswith("Closes")]
        return found

    before, again = closing(), closing()
    assert before["sequence"] == again["sequence"] == 0
    assert (
        before["dtstamp"].dt
        == again["dtstamp"].dt
        == consultation.published_at.replace(microsecond=0)
    ), "what did not change is not stamped anew"
    close_early(phase, reason="The law was withdrawn.", by=owner)
    phase.refresh_from_db()
    after = closing()
    assert after["uid"] == before["uid"]
    assert after.start == phase.closes_at.replace(microsecond=0) < before.start
    assert after["sequence"] == 1
    told = consultation.notices.get().made_at.replace(microsecond=0)
    assert after["dtstamp"].dt == after["last-modified"].dt == told


def test_nobody_subscribes_to_a_draft(client):
    ConsultationFactory(slug="secret", published_at=None)
    for name in ("feed", "calendar"):
        assert client.get(reverse(f"consultations:{name}", args=["secret"])).status_code == 404
