"""Tokens: made in a browser session, shown once, hashed, named, scoped, expiring, revocable."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.accounts.models import AccessToken, User
from apps.accounts.services import MOST_TOKENS, make_token
from apps.audit.models import Entry

TOKENS = "/api/v1/tokens/"
ME = "/api/v1/me/"


@pytest.fixture
def session(person):
    client = Client()
    client.force_login(person)
    return client


def make(session, **fields):
    return session.post(TOKENS, {"name": "script", **fields}, content_type="application/json")


def header(text):
    return {"Authorization": f"Token {text}"}


def test_a_token_is_shown_once_and_kept_as_a_digest(session, client):
    made = make(session).json()
    assert client.get(ME, headers=header(made["token"])).json()["email"] == "person@example.org"
    assert made["token"] not in str(AccessToken.objects.values())
    assert "token" not in session.get(TOKENS).json()[0]
    assert Entry.objects.filter(kind="token.made", subject=made["id"]).exists()


def test_a_token_expires_after_thirty_days(session, client):
    made = make(session).json()
    with time_machine.travel(timezone.now() + timedelta(days=30, seconds=1)):
        assert client.get(ME, headers=header(made["token"])).status_code == 401


def test_a_token_is_read_only_unless_it_was_asked_to_write(session, client):
    made = make(session).json()
    assert made["scope"] == "read"
    answer = client.post("/api/v1/drafts/", headers=header(made["token"]))
    assert answer.status_code == 403


def test_a_revoked_token_is_refused(session, client):
    made = make(session).json()
    assert session.delete(f"{TOKENS}{made['id']}/").status_code == 204
    assert client.get(ME, headers=header(made["token"])).status_code == 401
    assert Entry.objects.filter(kind="token.revoked", subject=made["id"]).exists()


def test_a_token_cannot_manage_tokens(client, bearer):
    assert client.get(TOKENS, headers=bearer).status_code == 403
    assert client.post(TOKENS, headers=bearer).status_code == 403


def test_nobody_revokes_the_token_of_somebody_else(session):
    stranger = User.objects.create_user("stranger@example.org")
    token, _text = make_token(stranger, name="theirs", scope="read")
    assert session.delete(f"{TOKENS}{token.number}/").status_code == 404


def test_the_token_of_a_person_who_was_deactivated_is_refused(client, bearer, person):
    User.objects.update(is_active=False)
    assert client.get(ME, headers=bearer).status_code == 401


@pytest.mark.parametrize("text", ["", "x", "a b", "ä" * 64, "0" * 64, "\x00"])
def test_a_malformed_token_is_refused(client, db, text):
    assert client.get(ME, headers={"Authorization": f"Token {text}"}).status_code == 401


def test_there_is_a_most_of_tokens(person, session):
    for number in range(MOST_TOKENS):
        make_token(person, name=str(number), scope="read")
    answer = make(session)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_tokens")


def test_a_session_without_the_csrf_token_makes_none(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert make(client).status_code == 403
