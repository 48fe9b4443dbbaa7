"""Mail is written down with the act it tells of, sent once, and forgotten."""

from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from apps.accounts import mailing
from apps.accounts.models import Letter
from apps.jobs.executing import run_until_idle
from apps.jobs.models import Job
from config.settings import environment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _templates(settings, tmp_path):
    folder = tmp_path / "tests" / "mail"
    folder.mkdir(parents=True)
    (folder / "news_subject.txt").write_text("News of\n {{ name }}\n", encoding="utf-8")
    (folder / "news.txt").write_text(
        "{{ name }}: {{ site }}/news/\n{% load i18n %}{% get_current_language as l %}{{ l }}",
        encoding="utf-8",
    )
    engine = {**settings.TEMPLATES[0]}
    engine["DIRS"] = [*engine["DIRS"], tmp_path]
    settings.TEMPLATES = [engine]


def post(**more):
    mailing.post("a@example.org", "tests/mail/news", {"name": "Müller & <Söhne>"}, **more)
    return f"letter:{Letter.objects.get().pk}"


def test_a_letter_is_sent_as_plain_text_and_forgotten(settings):
    settings.PLENARY_URL = "https://plenary.example.org"
    run_until_idle(post(language="de", headers={"List-Unsubscribe": "<https://example.org/u>"}))
    [sent] = mail.outbox
    assert sent.to == ["a@example.org"]
    assert sent.subject == "News of Müller & <Söhne>"
    assert sent.body == "Müller & <Söhne>: https://plenary.example.org/news/\nde\n"
    assert sent.extra_headers["List-Unsubscribe"] == "<https://example.org/u>"
    assert not Letter.objects.exists()


def test_nothing_is_sent_of_what_did_not_happen():
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert not Letter.objects.exists()
    assert not Job.objects.exists()


def test_a_mail_server_that_fails_is_asked_again(settings, monkeypatch):
    settings.JOB_BACKOFF_SECONDS = (0,)
    tries = []

    def fail_once(message, **_):
        tries.append(message)
        if len(tries) == 1:
            raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail_once)
    run_until_idle(post())
    assert len(tries) == 2
    assert not Letter.objects.exists()


@pytest.mark.parametrize("value", ["plenary.example.org", "ftp://example.org", "https://a.org/b"])
def test_an_address_of_the_site_that_cannot_be_one_is_refused(monkeypatch, value):
    monkeypatch.setenv("PLENARY_URL", value)
    with pytest.raises(ImproperlyConfigured, match="PLENARY_URL"):
        environment.read_address("PLENARY_URL")
