"""Reminders: who is told in time that a check of an organisation ends, and how often."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from apps.accounts import reminding
from apps.accounts.checking import confirm, end
from apps.accounts.mailing import send
from apps.accounts.models import Letter, Verification
from apps.jobs.models import Job
from tests.factories import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def society():
    return OrganisationFactory(name="Civic Society", website="https://civic.example.org")


@pytest.fixture
def signatory(society):
    MembershipFactory(organisation=society, role="submitter", user__email="other@example.org")
    return MembershipFactory(
        organisation=society, role="signatory", user__email="signs@example.org"
    ).user


@pytest.fixture
def checked(society, signatory):
    return confirm(
        Verification.objects.create(
            organisation=society, method="email", subject="civic.example.org", token="t"
        )
    )


def told(**before):
    """Return to whom letters wait once the clock has gone to so long before the end."""
    ends = Verification.objects.get().expires_at
    with time_machine.travel(ends - timedelta(**before)):
        reminding.remind()
        for job in Job.objects.filter(kind=reminding.REMIND, state="queued"):
            reminding.tell(job.payload["verification"])
            Job.objects.filter(pk=job.pk).update(state="done", finished_at=timezone.now())
    return [letter.address for letter in Letter.objects.all()]


def test_signatories_are_told_a_month_and_a_week_before_and_once_each(checked):
    assert told(days=31) == []
    assert told(days=29) == ["signs@example.org"]
    assert told(days=20) == ["signs@example.org"]
    assert told(days=6) == ["signs@example.org"] * 2
    assert told(hours=1) == ["signs@example.org"] * 2
    assert told(days=-1) == ["signs@example.org"] * 2


def test_the_mail_says_what_ends_when_and_where_to_renew_it(checked, society):
    told(days=29)
    send(Letter.objects.get())
    body = mail.outbox[-1].body
    assert "E-mail at its domain: civic.example.org" in body
    assert f"{checked.expires_at:%Y}" in body
    assert f"/organisations/{society.slug}/verification/" in body


def test_what_was_missing_at_the_last_look_is_in_the_mail(checked):
    Verification.objects.update(method="dns", problem="The record is not there.")
    told(days=29)
    send(Letter.objects.get())
    assert "The record is not there." in mail.outbox[-1].body


def test_what_was_renewed_or_ended_meanwhile_is_not_reminded_of(checked, society):
    with time_machine.travel(checked.expires_at - timedelta(days=29)):
        assert reminding.remind() == 1
        end(society, society.verifications.all())
        reminding.tell(checked.pk)
    assert not Letter.objects.exists()


def test_an_organisation_that_is_not_listed_is_not_reminded(checked, society):
    society.state = "refused"
    society.save()
    assert told(days=29) == []


def test_a_check_that_holds_for_long_needs_no_job(checked):
    with time_machine.travel(timezone.now() + timedelta(days=100)):
        assert reminding.remind() == 0
