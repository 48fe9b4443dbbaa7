"""What a host does later is planned in the open and tracked until it is done or dropped."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.notifications.models import News
from apps.responses.errors import InvalidResponse
from apps.responses.models import Milestone
from apps.responses.services import MilestoneEntry, add_milestone, change_milestone
from tests.factories import HostRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def law(open_consultation, owner):
    return add_milestone(open_consultation, MilestoneEntry("A law", "2020-01-01"), by=owner)


def test_it_is_public_and_late_once_its_day_is_over(law, client):
    page = client.get(reverse("responses:done", args=["open-consultation"])).content.decode()
    assert "A law" in page
    assert "Late" in page


def test_followers_hear_once_that_it_is_done(law, owner):
    done = MilestoneEntry("A law", "2020-01-01", "done")
    change_milestone(law, done, by=owner)
    made = change_milestone(law, MilestoneEntry("The law", state="done"), by=owner)
    assert made.done_on == timezone.now().date()
    news = News.objects.get(topic="consultation:open-consultation")
    assert news.text.startswith("Done: A law")
    assert Entry.objects.filter(kind="milestone.changed").count() == 2


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        (MilestoneEntry(""), "title"),
        (MilestoneEntry("x" * 201), "title"),
        (MilestoneEntry("A law", "soon"), "due_on"),
        (MilestoneEntry("A law", state="maybe"), "state"),
        (MilestoneEntry("A law", state="dropped"), "note"),
        (MilestoneEntry("A law", state="done", done_on="2999-01-01"), "done_on"),
    ],
)
def test_what_is_no_milestone_is_named(open_consultation, owner, entered, field):
    with pytest.raises(InvalidResponse) as refused:
        add_milestone(open_consultation, entered, by=owner)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("role", ["moderator", "analyst", "dpo"])
def test_only_owners_and_editors_track(open_consultation, law, host, role):
    staff = HostRoleFactory(host=host, role=role).user
    with pytest.raises(NotAllowed):
        add_milestone(open_consultation, MilestoneEntry("A law"), by=staff)
    with pytest.raises(NotAllowed):
        change_milestone(law, MilestoneEntry("No law"), by=staff)


def test_staff_adds_and_finishes_on_pages_that_keep_what_was_typed(
    open_consultation, owner, client
):
    client.force_login(owner)
    page = reverse("responses:milestones", args=[open_consultation.slug])
    refused = client.post(page, {"title": "A law", "state": "dropped"})
    assert refused.status_code == 422
    assert 'value="A law"' in refused.content.decode()
    client.post(page, {"title": "A law", "state": "planned"})
    one = Milestone.objects.get()
    place = reverse("responses:milestone", args=[open_consultation.slug, one.pk])
    assert 'value="A law"' in client.get(place).content.decode()
    client.post(place, {"title": "A law", "state": "done", "done_on": "2026-01-02"})
    one.refresh_from_db()
    assert (one.state, one.done_on.isoformat()) == ("done", "2026-01-02")


def test_the_api_tracks(open_consultation, owner, client):
    root = f"/api/v1/consultations/{open_consultation.slug}/milestones/"
    json = {"content_type": "application/json"}
    client.force_login(owner)
    made = client.post(root, {"title": "A law"}, **json)
    assert (made.status_code, made.json()["state"]) == (201, "planned")
    place = f"{root}{made.json()['id']}/"
    assert client.patch(place, {"state": "dropped"}, **json).status_code == 422
    done = client.patch(place, {"state": "dropped", "note": "No majority."}, **json)
    assert done.json()["title"] == "A law"
    client.logout()
    assert [one["state"] for one in client.get(root).json()] == ["dropped"]
