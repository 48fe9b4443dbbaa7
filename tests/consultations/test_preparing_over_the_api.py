"""Whatever the pages of the workspace can do, the API can."""

import pytest

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/workspace/"


@pytest.fixture
def api(client, owner):
    client.force_login(owner)

    def ask(method, address, content=None, status=200):
        answer = getattr(client, method)(
            ROOT + address, content or {}, content_type="application/json"
        )
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    return ask


def test_a_consultation_goes_from_nothing_to_published(api, host):
    made = api(
        "post",
        "consultations/",
        {"host": host.slug, "title": "A pause", "kind": "draft text"},
        201,
    )
    of = f"consultations/{made['slug']}/"
    details = api("get", of + "details/")
    summary = "We ask you. Tell us what you need."
    told = api("put", of + "details/", {**details, "summary": summary, "languages": ["fr"]})
    assert told["summary"] == summary
    document = api("post", of + "documents/", {"title": "The draft"}, 201)
    draft = of + f"documents/{document['slug']}/draft/"
    written = api("put", draft, {"markdown": "## Article 1 · Scope\n\nIt holds.\n"})
    assert written["provisions"][0]["key"] == "article-1"
    change = {"heading": "Scope", "text": "It holds for all.", "revision": 1}
    api("put", draft + "article-1/", change)
    assert api("put", draft + "article-1/", change, 409)["code"] == "changed_meanwhile"
    assert "It holds for all." in api("get", draft)["markdown"]
    question = api(
        "post", of + "questions/", {"text": "And what else?", "provision_key": "article-1"}, 201
    )
    key = f"{of}questions/{question['key']}/"
    api("put", key, {"text": "What else?", "provision_key": "article-1"})
    api("patch", key, {"act": "earlier"})
    api("delete", key, status=204)
    api("put", of + "translations/fr/", {"texts": {"title": "Une pause"}})
    places = api("get", of + "translations/fr/")
    assert {"title": "done"}.items() <= {one["place"]: one["state"] for one in places}.items()
    row = {"title": "Study", "summary": "So.", "url": "https://example.org/"}
    added = api("post", of + "background/", row, 201)
    api("delete", f"{of}background/{added['id']}/", status=204)
    phases = [{"kind": "comment", "opens": "2027-01-04T09:00", "closes": "2027-06-04T09:00"}]
    assert len(api("put", of + "schedule/", {"phases": phases})) == 1
    assert {one["state"] for one in api("get", of + "readiness/")} == {"done", "open"}
    assert api("post", of + "publication/", {}, 422)["code"] == "invalid_entry"
    assert api("post", of + "publication/", {"reason": "It is urgent."})["published_at"]
    assert api("post", of + "publication/", {"reason": "Again."}, 409)["code"]
    api("patch", draft)
    api("put", draft + "article-1/", {"heading": "Scope", "text": "New.", "revision": 1})
    assert api("post", of + f"documents/{document['slug']}/versions/", {}, 201)["number"] == 2
    api("patch", draft)
    api("delete", draft, status=204)
    cloned = api("post", of + "clones/", {"title": "Another pause"}, 201)
    assert cloned["published_at"] is None


def test_an_open_phase_is_closed(api, open_phase):
    address = f"consultations/open-consultation/phases/{open_phase.pk}/closing/"
    api("post", address, {}, 422)
    assert api("post", address, {"reason": "The law was withdrawn."})["is_open"] is False


def test_staff_is_appointed_and_dismissed(api, host):
    colleague = UserFactory(email="colleague@example.org")
    of = f"hosts/{host.slug}/staff/"
    given = api("post", of, {"email": colleague.email, "role": "analyst"}, 201)
    assert [one["role"] for one in api("get", of)] == ["owner", "analyst"]
    api("delete", f"{of}{given['id']}/", status=204)
    last = api("get", of)[0]["id"]
    assert api("delete", f"{of}{last}/", status=409)["code"] == "last_owner"


@pytest.mark.usefixtures("open_consultation")
def test_for_others_there_is_no_workspace(client, participant):
    client.force_login(participant)
    for address in ("consultations/open-consultation/details/", "hosts/secretariat/staff/"):
        assert client.get(ROOT + address).status_code == 404
