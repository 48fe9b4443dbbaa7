"""What can be subscribed to: news as Atom, dates as a calendar; both are read back."""

from xml.etree import ElementTree

import pytest
from django.urls import reverse
from icalendar import Calendar

from tests.factories import (
    AnswerFactory,
    ConsultationFactory,
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
    with django_assert_max_num_queries(7):
        get(client, "feed")


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


def test_nobody_subscribes_to_a_draft(client):
    ConsultationFactory(slug="secret", published_at=None)
    for name in ("feed", "calendar"):
        assert client.get(reverse(f"consultations:{name}", args=["secret"])).status_code == 404
