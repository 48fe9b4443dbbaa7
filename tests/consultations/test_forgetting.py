"""Addresses of those a host wanted to hear are forgotten once it is over; who answered stays."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Entry
from apps.consultations import forgetting
from apps.consultations.models import Phase
from apps.consultations.sections import standings_of
from apps.consultations.services import add_stakeholders
from apps.consultations.tasks import forget_addresses
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.services import file_submission
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db
DAYS = settings.INVITED_ADDRESS_DAYS


@pytest.fixture
def listed(open_consultation, owner, participant):
    """A consultation with three on its list: one filed with the address, one has none."""
    rows = f"Pat; individual; ; {participant.email}\nCrews; union; ; crews@example.org\nRest; other"
    add_stakeholders(open_consultation, rows, by=owner)
    content = DraftInput(answers=[AnswerInput("why", "Because.")], group="individual")
    file_submission(open_consultation, content, by=participant)
    return open_consultation


def end(consultation, *, days):
    """Let all phases of a consultation have ended so many days ago."""
    ended = timezone.now() - timedelta(days=days)
    Phase.objects.filter(consultation=consultation).update(
        opens_at=ended - timedelta(days=30), closes_at=ended
    )


def addresses(consultation):
    return set(consultation.stakeholders.exclude(email="").values_list("name", flat=True))


def test_addresses_are_forgotten_and_who_answered_stays(listed):
    end(listed, days=DAYS + 1)
    forget_addresses()
    assert addresses(listed) == set()
    rows = list(listed.stakeholders.order_by("pk"))
    assert [(one.name, one.group) for one in rows] == [
        ("Pat", "individual"),
        ("Crews", "union"),
        ("Rest", "other"),
    ]
    assert standings_of(listed, rows) == {rows[0].pk: "filed"}


def test_the_log_says_how_many_and_names_nobody(listed):
    end(listed, days=DAYS + 1)
    forget_addresses()
    forget_addresses()
    entry = Entry.objects.get(kind="stakeholders.addresses_forgotten")
    assert (entry.subject, entry.detail) == (listed.slug, {"stakeholders": 2})


def test_a_long_list_is_forgotten_to_its_end(listed, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 1)
    end(listed, days=DAYS + 1)
    assert forgetting.forget_addresses() == 2
    assert addresses(listed) == set()


def test_nothing_is_forgotten_before_its_time(listed):
    end(listed, days=DAYS - 1)
    assert forgetting.forget_addresses() == 0
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert forgetting.forget_addresses() == 2


@pytest.mark.parametrize("closes", [None, timezone.now() - timedelta(days=1)])
def test_a_later_phase_keeps_them(closes, listed):
    end(listed, days=DAYS + 1)
    Phase.objects.create(
        consultation=listed,
        kind=Phase.Kind.REPLY,
        title="Replies",
        opens_at=timezone.now() - timedelta(days=9),
        closes_at=closes,
    )
    assert forgetting.forget_addresses() == 0


def test_what_has_no_dates_yet_keeps_its_list(owner, host):
    begun = ConsultationFactory(host=host)
    begun.phases.all().delete()
    add_stakeholders(begun, "Crews; union; ; crews@example.org", by=owner)
    assert forgetting.forget_addresses() == 0


def test_an_address_listed_again_is_forgotten_again_and_the_state_stays(listed, owner):
    end(listed, days=DAYS + 1)
    forget_addresses()
    add_stakeholders(listed, "Pat; individual; ; other@example.org", by=owner)
    assert forgetting.forget_addresses() == 1
    assert listed.stakeholders.get(name="Pat").standing == "filed"


def test_the_days_are_said_on_the_list_and_in_the_privacy_text(listed, owner, client, settings):
    settings.INVITED_ADDRESS_DAYS = 77
    client.force_login(owner)
    page = client.get(reverse("consultations:stakeholders", args=[listed.slug])).content.decode()
    assert "forgotten 77 days after" in page
    assert "deleted 77 days after" in client.get("/about/privacy/").content.decode()
