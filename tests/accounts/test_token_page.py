"""The page of access tokens: made, shown once, revoked, refused in words."""

import pytest

from apps.accounts.models import AccessToken
from apps.accounts.services import MOST_TOKENS, make_token
from tests.factories import UserFactory

PAGE = "/tokens/"


@pytest.fixture
def person(db, client):
    person = UserFactory()
    client.force_login(person)
    return person


def shown_token(page):
    return page.split('<code class="hash" dir="ltr">')[1].split("</code>")[0]


def test_a_token_made_on_the_page_works_and_is_not_shown_again(client, person):
    made = client.post(PAGE, {"name": "Nightly export", "scope": "read"})
    text = shown_token(made.content.decode())
    me = client.get("/api/v1/me/", headers={"Authorization": f"Token {text}"}).json()
    assert me["email"] == person.email
    assert me["scope"] == "read"
    again = client.get(PAGE).content.decode()
    assert "Nightly export" in again
    assert text not in again
    assert "no-store" in made.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": " \0 ", "scope": "read"}, "Give a name"),
        ({"name": "x" * 101, "scope": "read"}, "Give a name"),
        ({"name": "Export", "scope": "everything"}, "Choose what the program may do"),
        ({}, "Give a name"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(client, person, typed, told):
    answer = client.post(PAGE, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert typed.get("name", "").replace("\0", "").strip() in page
    assert not AccessToken.objects.exists()


def test_the_most_there_can_be_is_said(client, person):
    for number in range(MOST_TOKENS):
        make_token(person, name=f"token {number}", scope="read")
    answer = client.post(PAGE, {"name": "One more", "scope": "read"})
    assert answer.status_code == 409
    assert "Revoke one you no longer use" in answer.content.decode()


def test_a_revoked_token_is_refused(client, person):
    token, text = make_token(person, name="Old", scope="write")
    client.post(f"{PAGE}{token.number}/revoke/")
    client.logout()
    assert client.get("/api/v1/me/", headers={"Authorization": f"Token {text}"}).status_code == 401


def test_somebody_elses_token_cannot_be_revoked(client, person):
    token, _text = make_token(UserFactory(), name="Theirs", scope="read")
    assert client.post(f"{PAGE}{token.number}/revoke/").status_code == 404
    assert AccessToken.objects.filter(pk=token.pk).exists()
