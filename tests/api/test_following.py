"""Following over the API."""

import pytest

from apps.notifications.models import Following

pytestmark = pytest.mark.django_db
LIST = "/api/v1/me/following/"
PROVISION = {"kind": "provision", "key": "pause/art-2", "frequency": "weekly"}


@pytest.fixture
def api(client, bearer):
    def call(method, path, body=None, **headers):
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(path, headers=bearer | headers, **more)

    return call


def test_a_thing_is_followed_listed_changed_and_stopped(api, consultation):
    made = api("post", LIST, PROVISION)
    assert made.status_code == 201
    assert made.json()["url"] == (
        "http://testserver/consultations/pause/documents/draft/#provision-art-2"
    )
    assert {name: made.json()[name] for name in PROVISION} == PROVISION
    [row] = api("get", LIST).json()["results"]
    assert row == made.json()
    one = f"{LIST}{row['id']}/"
    assert api("patch", one, {"frequency": "off"}).json()["frequency"] == "off"
    assert api("get", one).json()["frequency"] == "off"
    assert api("delete", one).status_code == 204
    assert api("delete", one).status_code == 404
    assert not Following.objects.exists()


def test_following_again_changes_how_often(api, consultation):
    first = api("post", LIST, {"kind": "consultation", "key": "pause"})
    assert first.json()["frequency"] == "daily"
    again = api("post", LIST, {"kind": "consultation", "key": "pause", "frequency": "instant"})
    assert again.json() == first.json() | {"frequency": "instant"}


def test_a_repeated_key_gets_the_same_answer(api, consultation):
    answers = [api("post", LIST, PROVISION, **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"key": "nothing/art-1"}, 404),
        ({"kind": "person"}, 400),
        ({"frequency": "hourly"}, 400),
        ({"key": ""}, 400),
        ({"key": "x" * 201}, 400),
        ({"key": "x" * 195}, 404),
    ],
)
def test_what_cannot_be_followed_is_refused(api, consultation, change, status):
    assert api("post", LIST, PROVISION | change).status_code == status
    assert not Following.objects.exists()


def test_the_followings_of_others_are_out_of_reach(api, consultation, rival):
    other = Following.objects.create(user=rival, topic="organisation:x", frequency="off")
    one = f"{LIST}{other.pk}/"
    found = [api("get", one), api("patch", one, {"frequency": "daily"}), api("delete", one)]
    assert [answer.status_code for answer in found] == [404, 404, 404]
    assert api("get", LIST).json()["results"] == []
    assert Following.objects.filter(pk=other.pk, frequency="off").exists()
