"""A host promises how much it answers, in the open, and cannot finish under it."""

import re
from dataclasses import replace

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Entry
from apps.consultations.models import GRACE
from apps.consultations.services import PhaseEntry, schedule
from apps.consultations.services.editing import InvalidEntry
from apps.consultations.standing import standing_of
from apps.core.dates import day_in_words
from apps.core.errors import NotAllowed
from apps.notifications.models import News
from apps.responses.counting import Share
from apps.responses.errors import (
    InvalidResponse,
    NotMarked,
    PromiseNotKept,
    PromiseStands,
    StillOpen,
)
from apps.responses.models import Completion, Promise
from apps.responses.services import (
    PromiseEntry,
    ResponseInput,
    mark_answered,
    promise,
    respond,
    take_back_answered,
)
from tests.factories import HostRoleFactory, days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_what_was_kept():
    cache.clear()


@pytest.fixture
def over(open_consultation, say):
    """A consultation with four points that takes no more."""
    for _number in range(2):
        say(("article-1", "oppose"), ("article-2", "oppose"))
    open_consultation.phases.update(closes_at=days(-1))
    return open_consultation


def answer(consultation, owner, number):
    said = consultation.submissions.order_by("pk")
    targets = [(one.reference, f"point:{n}") for one in said for n in (1, 2)][:number]
    return respond(consultation, ResponseInput(targets, "rejected", "No."), by=owner)


def test_it_is_public_with_how_far_it_is(over, owner, client):
    promise(over, PromiseEntry("80", "2030-12-31"), by=owner)
    answer(over, owner, 3)
    page = client.get(over.get_absolute_url()).content.decode()
    told = "promised to answer 80\u00a0% of the points by 31 December 2030: 75\u00a0% answered."
    assert told in page


def test_before_the_consultation_is_public_it_may_become_less(open_consultation, owner):
    open_consultation.published_at = None
    open_consultation.save()
    promise(open_consultation, PromiseEntry("80", "2030-12-31"), by=owner)
    made = promise(open_consultation, PromiseEntry("20"), by=owner)
    assert (made.share, made.due_on) == (20, None)
    assert Entry.objects.filter(kind="promise.made").count() == 2


@pytest.mark.parametrize("typed", [("79", "2030-12-31"), ("80", ""), ("90", "2031-01-01")])
def test_once_it_is_public_it_can_only_become_more(open_consultation, owner, typed):
    promise(open_consultation, PromiseEntry("80", "2030-12-31"), by=owner)
    with pytest.raises(PromiseStands):
        promise(open_consultation, PromiseEntry(*typed), by=owner)
    promise(open_consultation, PromiseEntry("81", "2030-12-30"), by=owner)
    assert Promise.objects.get().share == 81


@pytest.mark.parametrize(
    ("share", "due_on", "field"),
    [("", "", "share"), ("101", "", "share"), ("-1", "", "share"), ("5", "soon", "due_on")],
)
def test_what_is_no_promise_is_named(open_consultation, owner, share, due_on, field):
    with pytest.raises(InvalidResponse) as refused:
        promise(open_consultation, PromiseEntry(share, due_on), by=owner)
    assert list(refused.value.fields) == [field]


def test_a_day_that_is_over_cannot_be_promised_but_one_that_was_promised_stays(
    open_consultation, owner
):
    with pytest.raises(InvalidResponse) as refused:
        promise(open_consultation, PromiseEntry("50", "2020-01-01"), by=owner)
    assert list(refused.value.fields) == ["due_on"]
    Promise.objects.create(consultation=open_consultation, share=50, due_on="2020-01-01")
    assert promise(open_consultation, PromiseEntry("60", "2020-01-01"), by=owner).share == 60


def test_nothing_is_promised_by_a_day_before_people_stop_writing(open_consultation, owner):
    open_consultation.phases.update(closes_at=days(30))
    with pytest.raises(InvalidResponse) as refused:
        promise(open_consultation, PromiseEntry("50", f"{days(20):%Y-%m-%d}"), by=owner)
    (told,) = refused.value.fields["due_on"]
    assert day_in_words(days(30)) in told
    day = f"{days(30):%Y-%m-%d}"
    assert promise(open_consultation, PromiseEntry("50", day), by=owner).share == 50


def test_under_the_promised_share_it_cannot_be_marked_and_what_is_missing_is_said(over, owner):
    promise(over, PromiseEntry("60"), by=owner)
    answer(over, owner, 1)
    with pytest.raises(PromiseNotKept, match="2 more must be answered"):
        mark_answered(over, by=owner)
    assert not Completion.objects.exists()


def test_with_the_share_reached_it_is_marked_recorded_and_told_once(over, owner, client):
    promise(over, PromiseEntry("75"), by=owner)
    answer(over, owner, 3)
    mark_answered(over, by=owner)
    mark_answered(over, by=owner)
    assert Entry.objects.get(kind="consultation.answered").detail == {
        "answered": 3,
        "points": 4,
        "promised": 75,
    }
    assert (
        News.objects.filter(topic=f"consultation:{over.slug}", title__contains="answered").count()
        == 1
    )
    page = client.get(over.get_absolute_url()).content.decode()
    assert "3 of 4 points." in page


def test_beside_the_mark_stands_the_share_of_the_same_count(over, owner, client):
    promise(over, PromiseEntry("50"), by=owner)
    answer(over, owner, 3)
    client.get(over.get_absolute_url())  # keeps the share of this instant for a minute
    answer(over, owner, 4)
    mark_answered(over, by=owner)
    for page in (over.get_absolute_url(), reverse("responses:done", args=[over.slug])):
        text = client.get(page).content.decode()
        assert "4 of 4 points." in text
        assert "100 % answered" in " ".join(text.split())


def test_while_more_can_be_filed_it_cannot_be_marked(open_consultation, owner):
    with pytest.raises(StillOpen):
        mark_answered(open_consultation, by=owner)


def test_while_replies_are_still_to_come_it_cannot_be_marked_and_the_phase_is_named(over, owner):
    over.phases.create(kind="review", opens_at=days(-1))
    later = over.phases.create(kind="reply", opens_at=days(2), closes_at=days(9))
    with pytest.raises(StillOpen, match=f"Reply comment: {day_in_words(later.opens_at)} to "):
        mark_answered(over, by=owner)
    later.delete()
    mark_answered(over, by=owner)


def test_where_no_text_is_consulted_on_answers_count(over, owner):
    over.submissions.update(state="withdrawn")
    assert Share(1, 3).missing_to(50) == 1
    assert Share(0, 0).missing_to(100) == 0
    assert Share(999, 1000).percent == 99


def test_of_no_points_no_share_is_answered(open_consultation, owner, client):
    assert Share(0, 0).percent is None
    promise(open_consultation, PromiseEntry("80"), by=owner)
    page = " ".join(client.get(open_consultation.get_absolute_url()).content.decode().split())
    assert "promised to answer 80 % of the points. There are no points yet." in page
    assert "100 %" not in page
    client.force_login(owner)
    page = client.get(reverse("responses:promise", args=[open_consultation.slug]))
    assert "There are no points to answer yet." in page.content.decode()


def badge_of(client, page):
    text = client.get(page).content.decode()
    return re.search(r'<span class="tag[^"]*">(Closed|Answered|Under review)</span>', text)[1]


def test_the_badge_says_answered_wherever_the_consultation_is_named(over, owner, client):
    places = [over.get_absolute_url(), reverse("consultations:list")]
    client.force_login(owner)
    places.append(reverse("consultations:workspace"))
    places.append(reverse("responses:promise", args=[over.slug]))
    assert {badge_of(client, page) for page in places} == {"Closed"}
    mark_answered(over, by=owner)
    assert {badge_of(client, page) for page in places} == {"Answered"}
    over.phases.create(kind="review", opens_at=days(-1))
    assert {badge_of(client, page) for page in places} == {"Answered"}
    row = client.get(f"/api/v1/consultations/{over.slug}/").json()
    assert row["answered_at"] is not None


def test_an_open_phase_is_said_rather_than_an_earlier_mark(over, owner):
    mark_answered(over, by=owner)
    over.phases.create(kind="comment", opens_at=days(-1), closes_at=days(3))
    over.refresh_from_db()
    assert standing_of(over).label == "Open for comments"


def test_while_whoever_was_typing_may_still_file_it_cannot_be_marked(over, owner):
    closed = timezone.now()
    over.phases.update(closes_at=closed)
    with pytest.raises(StillOpen):
        mark_answered(over, by=owner)
    with time_machine.travel(closed + GRACE, tick=False):
        assert mark_answered(over, by=owner)


def test_while_it_is_marked_nobody_is_asked_for_more(over, owner):
    mark_answered(over, by=owner)
    [phase] = over.phases.all()
    there = PhaseEntry.of(phase, over)
    longer = replace(there, closes=f"{days(9):%Y-%m-%dT%H:%M}")
    with pytest.raises(InvalidEntry) as refused:
        schedule(over, [longer], reason="We forgot somebody.", by=owner)
    assert "Take the mark back" in str(refused.value.fields["phases"])
    review = PhaseEntry("review", f"{days(1):%Y-%m-%dT%H:%M}")
    assert len(schedule(over, [there, review], reason="We work on it.", by=owner)) == 2
    take_back_answered(over, "We forgot somebody.", by=owner)
    schedule(over, [longer], reason="We forgot somebody.", by=owner)
    over.refresh_from_db()
    assert standing_of(over).is_open


def test_the_feed_tells_of_the_mark_and_that_it_was_taken_back(over, owner, client):
    feed = reverse("consultations:feed", args=[over.slug])
    mark_answered(over, by=owner)
    assert "<title>The host answered</title>" in client.get(feed).content.decode()
    take_back_answered(over, "Forty letters were found.", by=owner)
    text = client.get(feed).content.decode()
    assert "<title>The host answered</title>" not in text
    assert "<title>No longer marked as answered</title>" in text
    assert "Forty letters were found." in text


def test_the_mark_is_taken_back_with_a_public_reason_and_can_be_set_again(over, owner, client):
    mark_answered(over, by=owner)
    take_back_answered(over, " Forty letters were found. ", by=owner)
    assert not Completion.objects.exists()
    assert badge_of(client, over.get_absolute_url()) == "Closed"
    assert "Forty letters were found." in client.get(over.get_absolute_url()).content.decode()
    detail = Entry.objects.get(kind="consultation.answered_taken_back").detail
    assert (detail["reason"], detail["points"]) == ("Forty letters were found.", 4)
    assert News.objects.filter(topic=f"consultation:{over.slug}", title__contains="No longer")
    mark_answered(over, by=owner)
    assert badge_of(client, over.get_absolute_url()) == "Answered"


def test_without_a_reason_or_a_mark_nothing_is_taken_back(over, owner):
    with pytest.raises(NotMarked):
        take_back_answered(over, "A mistake.", by=owner)
    mark_answered(over, by=owner)
    with pytest.raises(InvalidResponse) as refused:
        take_back_answered(over, "  ", by=owner)
    assert list(refused.value.fields) == ["reason"]
    assert Completion.objects.exists()


def test_staff_takes_the_mark_back_on_the_page_and_over_the_api(over, owner, client):
    client.force_login(owner)
    mark_answered(over, by=owner)
    page = reverse("responses:take-back", args=[over.slug])
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "Too early."}).status_code == 302
    mark_answered(over, by=owner)
    address = f"/api/v1/consultations/{over.slug}/answered/take-back/"
    json = {"content_type": "application/json"}
    assert client.post(address, {"reason": ""}, **json).status_code == 422
    assert (
        client.post(address, {"reason": "Too early."}, **json).json()["marked_answered_at"] is None
    )
    assert client.post(address, {"reason": "Again."}, **json).json()["code"] == "not_marked"


@pytest.mark.parametrize("role", ["moderator", "analyst", "dpo"])
def test_only_owners_and_editors_promise_and_finish(over, host, role):
    staff = HostRoleFactory(host=host, role=role).user
    with pytest.raises(NotAllowed):
        promise(over, PromiseEntry("5"), by=staff)
    with pytest.raises(NotAllowed):
        mark_answered(over, by=staff)
    with pytest.raises(NotAllowed):
        take_back_answered(over, "Too early.", by=staff)


def test_staff_promises_on_a_page_that_keeps_what_was_typed(over, owner, client):
    client.force_login(owner)
    page = reverse("responses:promise", args=[over.slug])
    refused = client.post(page, {"share": "many", "due_on": "2030-01-01"})
    assert refused.status_code == 422
    assert 'value="many"' in refused.content.decode()
    assert 'value="2030-01-01"' in refused.content.decode()
    assert client.post(page, {"share": "50", "due_on": ""}).status_code == 302
    too_early = client.post(reverse("responses:answered", args=[over.slug]))
    assert too_early.status_code == 409
    assert "2 more must be answered" in too_early.content.decode()
    answer(over, owner, 2)
    assert client.post(reverse("responses:answered", args=[over.slug])).status_code == 302


def test_the_api_promises_and_finishes(over, owner, client):
    root = f"/api/v1/consultations/{over.slug}/"
    json = {"content_type": "application/json"}
    assert client.put(f"{root}promise/", {"share": 50}, **json).status_code == 401
    client.force_login(owner)
    made = client.put(f"{root}promise/", {"share": 50, "due_on": "2030-01-01"}, **json)
    assert made.json()["promise"] == {"share": 50, "due_on": "2030-01-01"}
    assert client.put(f"{root}promise/", {"share": 40}, **json).status_code == 409
    assert client.post(f"{root}answered/", {}, **json).json()["code"] == "promise_not_kept"
    answer(over, owner, 2)
    assert client.post(f"{root}answered/", {}, **json).json()["percent"] == 50
