"""Organisations over the API: registered, read, their seats offered and taken, checks asked for."""

import re

import pytest
from allauth.account.models import EmailAddress

from apps.accounts.models import Letter, Membership, Organisation, Verification
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/organisations/"
BODY = {
    "name": "River Watch",
    "group": "civil",
    "country": "ke",
    "website": "https://riverwatch.example",
    "numbers": {"charity": "12345"},
}


@pytest.fixture
def signatory(client):
    person = UserFactory(email="ama@riverwatch.example")
    client.force_login(person)
    return person


@pytest.fixture
def send(client):
    def send(method, path, body=None, **headers):
        call = getattr(client, method)
        return call(path, body or {}, content_type="application/json", headers=headers)

    return send


@pytest.fixture
def river(send, signatory):
    send("post", ROOT, BODY)
    return Organisation.objects.get(name="River Watch")


def test_an_organisation_is_registered_once_per_key(send, signatory, client):
    made = send("post", ROOT, BODY, **{"Idempotency-Key": "a"})
    again = send("post", ROOT, BODY, **{"Idempotency-Key": "a"})
    assert made.status_code == 201
    assert again.json() == made.json()
    assert made.json()["state"] == "listed"
    assert made.json()["country"] == "KE"
    assert Organisation.objects.get().memberships.get().role == Membership.Role.SIGNATORY
    client.logout()
    shown = client.get(f"{ROOT}{made.json()['slug']}/").json()
    assert shown["name"] == "River Watch"
    assert shown["badges"] == []


def test_a_name_that_looks_like_another_is_held_and_hidden(send, signatory, client):
    OrganisationFactory(name="Рiver Watch".replace("Р", "R"), slug="river-watch")
    held = send("post", ROOT, {**BODY, "name": "Rіver Watch", "numbers": {}}).json()  # noqa: RUF001
    assert held["state"] == "held"
    client.logout()
    assert client.get(f"{ROOT}{held['slug']}/").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "x"}, "name"),
        ({"country": "Narnia"}, "country"),
        ({"website": "ftp://x"}, "website"),
    ],
)
def test_what_cannot_be_is_named_by_field(send, signatory, change, field):
    answer = send("post", ROOT, {**BODY, **change})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Organisation.objects.exists()


def test_a_seat_is_offered_and_taken_by_the_address_alone(send, river, client):
    seats = f"{ROOT}{river.slug}/invitations/"
    assert send("post", seats, {"email": "kofi@example.org", "role": "drafter"}).status_code == 201
    token = re.search(r"/invitations/([\w-]+)/", str(Letter.objects.last().context))[1]
    other = UserFactory(email="other@example.org")
    client.force_login(other)
    assert send("post", f"/api/v1/invitations/{token}/").status_code == 403
    kofi = UserFactory(email="kofi@example.org")
    EmailAddress.objects.create(user=kofi, email=kofi.email, verified=True)
    client.force_login(kofi)
    assert send("post", f"/api/v1/invitations/{token}/").json()["role"] == "drafter"
    assert [one["role"] for one in client.get(f"{ROOT}{river.slug}/members/").json()] == [
        "signatory",
        "drafter",
    ]
    refused = send("post", seats, {"email": "more@example.org", "role": "drafter"})
    assert refused.status_code == 403


def test_a_seat_is_declined_without_an_account_and_taken_back(send, river, client):
    seats = f"{ROOT}{river.slug}/invitations/"
    send("post", seats, {"email": "kofi@example.org", "role": "drafter"})
    token = re.search(r"/invitations/([\w-]+)/", str(Letter.objects.last().context))[1]
    one = send("post", seats, {"email": "esi@example.org", "role": "submitter"}).json()
    assert send("delete", f"{seats}{one['id']}/").status_code == 204
    client.logout()
    assert send("delete", f"/api/v1/invitations/{token}/").status_code == 204
    assert send("delete", f"/api/v1/invitations/{token}/").status_code == 410
    assert not river.invitations.exists()


def test_roles_change_and_the_last_signatory_stays(send, river, signatory):
    seat = MembershipFactory(organisation=river, role="drafter")
    place = f"{ROOT}{river.slug}/members/"
    changed = send("put", f"{place}{seat.pk}/", {"role": "submitter"})
    assert changed.json()["role"] == "submitter"
    own = river.memberships.get(user=signatory)
    last = send("delete", f"{place}{own.pk}/")
    assert last.status_code == 409
    assert last.json()["code"] == "last_signatory"
    assert send("delete", f"{place}{seat.pk}/").status_code == 204


def test_checks_are_asked_for_and_say_what_to_do(send, river, client):
    place = f"{ROOT}{river.slug}/verifications/"
    asked = send("post", place, {"method": "dns"}).json()
    assert asked["state"] == "pending"
    assert asked["token"] == Verification.objects.get().token
    assert send("post", f"{place}{asked['id']}/look/").status_code == 200
    wrong = send("post", place, {"method": "email", "address": "ama@elsewhere.example"})
    assert wrong.status_code == 422
    mailed = send("post", place, {"method": "email", "address": "office@riverwatch.example"})
    assert mailed.json()["token"] is None
    number = send("post", place, {"method": "register", "register": "charity"})
    assert number.json()["subject"].endswith("12345")
    assert send("post", place, {"method": "register", "register": "lei"}).status_code == 404
    assert len(client.get(place).json()) == 3
    assert not river.is_verified


def test_what_others_belong_to_is_hidden(client, river, rival):
    client.force_login(rival)
    for part in ("members", "invitations", "verifications"):
        assert client.get(f"{ROOT}{river.slug}/{part}/").status_code == 404


def test_details_are_given_anew_and_a_name_that_looks_like_another_waits(send, river, client):
    OrganisationFactory(name="Lake Watch Africa")
    changed = send("put", f"{ROOT}{river.slug}/", {**BODY, "name": "Lake Watch Africas"})
    assert changed.status_code == 200
    assert changed.json()["name"] == "River Watch"
    assert changed.json()["asked_name"] == "Lake Watch Africas"
    assert changed.json()["numbers"] == [
        {"register": "charity", "country": "KE", "number": "12345"}
    ]
    client.logout()
    assert "asked_name" not in client.get(f"{ROOT}{river.slug}/").json()


def test_who_is_no_signatory_changes_no_details(send, river, client):
    client.force_login(MembershipFactory(organisation=river, role="submitter").user)
    assert send("put", f"{ROOT}{river.slug}/", BODY).status_code == 403
    client.force_login(UserFactory())
    assert send("put", f"{ROOT}{river.slug}/", BODY).status_code == 404


def test_two_that_are_one_are_merged_once_per_key(send, river, signatory, client):
    twice = OrganisationFactory(name="Watch the River", slug="twice")
    MembershipFactory(organisation=twice, user=signatory, role="signatory")
    body, key = {"into": river.slug}, {"Idempotency-Key": "m"}
    done = send("post", f"{ROOT}twice/merge/", body, **key)
    again = send("post", f"{ROOT}twice/merge/", body, **key)
    assert (done.status_code, again.json()) == (200, done.json())
    assert done.json()["slug"] == river.slug
    moved = client.get(f"{ROOT}twice/")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"{ROOT}{river.slug}/")


def test_nobody_learns_of_an_organisation_by_trying_to_merge_it(send, river):
    hidden = OrganisationFactory(name="Hidden", state=Organisation.State.HELD)
    for slug in (hidden.slug, "nowhere"):
        assert send("post", f"{ROOT}{slug}/merge/", {"into": river.slug}).status_code == 404
        assert send("post", f"{ROOT}{river.slug}/merge/", {"into": slug}).status_code == 404


@pytest.fixture
def staff():
    return UserFactory(is_staff=True)


def test_staff_lists_a_held_name_with_a_reason(send, client, staff):
    river = OrganisationFactory(name="River Watch", slug="river")
    OrganisationFactory(name="River Watsh", slug="held", state="held", resembles=river)
    client.force_login(staff)
    waiting = client.get("/api/v1/held-names/").json()
    assert [(one["slug"], one["looks_like"]) for one in waiting] == [("held", "river")]
    assert send("post", "/api/v1/held-names/held/", {"outcome": "listed"}).status_code == 400
    decided = send(
        "post", "/api/v1/held-names/held/", {"outcome": "listed", "reason": "Another body."}
    )
    assert decided.json()["state"] == "listed"
    assert client.get("/api/v1/held-names/").json() == []


def test_two_of_staff_confirm_a_register_number(send, river, signatory, client, staff):
    send(
        "post", f"{ROOT}{river.slug}/verifications/", {"method": "register", "register": "charity"}
    )
    found = {"is_confirmed": True, "reason": "Same seat."}
    for person, state in ((staff, "pending"), (UserFactory(is_staff=True), "confirmed")):
        client.force_login(person)
        waiting = client.get("/api/v1/register-numbers/").json()
        assert [one["organisation"] for one in waiting] == [river.slug]
        seen = send("post", f"/api/v1/register-numbers/{waiting[0]['id']}/", found)
        assert (seen.status_code, seen.json()["state"]) == (200, state)
    assert client.get("/api/v1/register-numbers/").json() == []
