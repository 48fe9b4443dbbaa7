"""One click stops mails, without a log-in; opening a link changes nothing."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.notifications.models import Following
from apps.notifications.services import follow
from apps.notifications.unsubscribing import token_of
from tests.notifications.conftest import run_all

pytestmark = pytest.mark.django_db


def address(person, frequency="instant"):
    return reverse("notifications:unsubscribe", args=[token_of(person.pk, frequency)])


@pytest.fixture
def mail_program():
    """A client without cookies, that is held to the protection of forms."""
    return Client(enforce_csrf_checks=True)


def frequencies(person):
    return sorted(Following.objects.of(person).values_list("frequency", flat=True))


def test_a_mail_carries_the_headers_of_one_click(settings, participant, follow_it, publish):
    settings.PLENARY_URL = "https://plenary.example.org"
    follow_it(participant)
    publish("One")
    run_all()
    [sent] = mail.outbox
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(
        r"<(https://plenary\.example\.org/[^>]+)>", sent.extra_headers["List-Unsubscribe"]
    )
    assert link[1] in sent.body


def test_the_post_of_a_mail_program_stops_the_mails_at_once(
    mail_program, participant, follow_it, publish
):
    follow_it(participant)
    publish("One")
    run_all()
    link = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    path = re.sub(r"^https?://[^/]+", "", link)
    answer = mail_program.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert frequencies(participant) == ["off"]
    publish("Two")
    Following.objects.update(told_at=None)
    run_all()
    assert len(mail.outbox) == 1


def test_opening_the_link_changes_nothing_and_shows_a_button(mail_program, participant, follow_it):
    follow_it(participant)
    for method in (mail_program.get, mail_program.head, mail_program.get):
        assert method(address(participant)).status_code == 200
    assert "Stop all of these mails" in mail_program.get(address(participant)).text
    assert frequencies(participant) == ["instant"]


def test_stopping_twice_is_as_stopping_once(mail_program, participant, follow_it):
    follow_it(participant)
    answers = [mail_program.post(address(participant)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "These mails have stopped" in answers[1].text
    assert frequencies(participant) == ["off"]


@pytest.mark.parametrize("token", ["x", "WzEsImRhaWx5Il0:1aaaaa:forged", "a" * 5000])
def test_a_wrong_word_stops_nothing_and_says_so(mail_program, participant, follow_it, token):
    follow_it(participant)
    path = reverse("notifications:unsubscribe", args=[token])
    for answer in (mail_program.get(path), mail_program.post(path)):
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
    assert frequencies(participant) == ["instant"]


def test_a_link_cut_off_or_of_another_purpose_is_wrong(mail_program, participant, follow_it):
    follow_it(participant)
    assert mail_program.post(address(participant)[:-3] + "/").status_code == 404
    assert frequencies(participant) == ["instant"]


def test_the_link_of_one_person_stops_nobody_else_and_no_other_frequency(
    mail_program, participant, rival, forum, follow_it
):
    follow_it(participant)
    follow(participant, kind="organisation", key=forum.slug, frequency="weekly")
    other = follow_it(rival)
    mail_program.post(address(participant), {"following": other.pk})
    assert frequencies(participant) == ["instant", "weekly"]
    mail_program.post(address(participant))
    assert frequencies(participant) == ["off", "weekly"]
    assert frequencies(rival) == ["instant"]


def test_one_of_several_can_be_stopped(mail_program, participant, forum, follow_it):
    follow_it(participant)
    one = follow(participant, kind="organisation", key=forum.slug, frequency="instant")
    answer = mail_program.post(address(participant), {"following": one.pk})
    assert "Stopped for the one you chose" in answer.text
    assert Following.objects.get(pk=one.pk).frequency == "off"
    assert frequencies(participant) == ["instant", "off"]


def test_the_link_of_somebody_deleted_says_that_mails_have_stopped(mail_program, participant):
    path = address(participant)
    participant.delete()
    assert "These mails have stopped" in mail_program.get(path).text
    assert mail_program.post(path).status_code == 200
