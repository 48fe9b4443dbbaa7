"""A hearing is planned, announced, moved and cancelled; calendars and readers follow."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from apps.accounts.mailing import send
from apps.accounts.models import Letter
from apps.audit.models import Entry
from apps.briefings import demo
from apps.consultations.models import Consultation
from apps.core.errors import NotAllowed
from apps.hearings.errors import InvalidHearing, NotNow
from apps.hearings.models import Hearing
from apps.hearings.services import (
    HearingInput,
    ItemInput,
    add_item,
    announce_hearing,
    cancel_hearing,
    change_hearing,
    change_item,
    close_hearing,
    create_hearing,
    delete_hearing,
    move_item,
    publish_minutes,
    remove_item,
)
from apps.notifications.models import News
from tests.factories import HearingFactory, HostRoleFactory, SpeakerFactory, days

pytestmark = pytest.mark.django_db
TYPED = HearingInput(
    "On thresholds",
    starts="2099-03-02T10:00",
    ends="2099-03-02T12:00",
    requests_close="2099-02-20T18:00",
    place="Room 3",
)
JSON = {"content_type": "application/json"}


@pytest.fixture
def draft(open_consultation, owner):
    return create_hearing(open_consultation, TYPED, by=owner)


def events_of(answer):
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def event_of(client, hearing):
    place = [hearing.consultation.slug, hearing.slug]
    (event,) = events_of(client.get(reverse("hearings:calendar", args=place)))
    return event


# --- what is entered --------------------------------------------------------------------------
def test_times_are_those_of_the_clocks_of_the_consultation(open_consultation, owner):
    open_consultation.time_zone = "Europe/Brussels"
    open_consultation.save()
    made = create_hearing(open_consultation, TYPED, by=owner)
    assert made.starts_at == datetime(2099, 3, 2, 9, tzinfo=UTC)
    assert made.requests_close_at == datetime(2099, 2, 20, 17, tzinfo=UTC)
    assert HearingInput.of(made).starts == TYPED.starts
    assert (made.slug, made.language, made.minutes_each) == ("on-thresholds", "en", 5)


def test_without_a_day_requests_are_taken_until_it_starts(open_consultation, owner):
    made = create_hearing(open_consultation, replace(TYPED, requests_close=""), by=owner)
    assert made.requests_close_at == made.starts_at


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"description": "x" * 10_001}, "description"),
        ({"description": "a\x00b"}, "description"),
        ({"starts": "tomorrow"}, "starts"),
        (
            {"starts": "2027-03-28T02:30", "ends": "2027-03-28T09:00", "requests_close": ""},
            "starts",
        ),
        ({"starts": "2020-03-02T10:00", "requests_close": ""}, "starts"),
        ({"ends": "2099-03-02T10:00"}, "ends"),
        ({"ends": "2099-03-01T10:00"}, "ends"),
        ({"ends": ""}, "ends"),
        ({"requests_close": "2099-03-02T10:01"}, "requests_close"),
        ({"place": ""}, "place"),
        ({"place": "x" * 301}, "place"),
        ({"online": "javascript:alert(1)"}, "online"),
        ({"online": "https://" + "x" * 500 + ".org"}, "online"),
        ({"language": "klingon"}, "language"),
        ({"minutes_each": "0"}, "minutes_each"),
        ({"minutes_each": ""}, "minutes_each"),
        ({"minutes_each": "99999999999"}, "minutes_each"),
    ],
)
def test_what_is_no_hearing_is_named(open_consultation, owner, more, field):
    open_consultation.time_zone = "Europe/Brussels"
    open_consultation.save()
    with pytest.raises(InvalidHearing) as refused:
        create_hearing(open_consultation, replace(TYPED, **more), by=owner)
    assert field in refused.value.fields
    assert not Hearing.objects.exists()


def test_two_hearings_of_one_title_have_addresses_of_their_own(open_consultation, owner):
    slugs = [
        create_hearing(open_consultation, replace(TYPED, title=title), by=owner).slug
        for title in ("A day", "A day", "New", "日")
    ]
    assert slugs == ["a-day", "a-day-2", "new-2", "hearing"]


@pytest.mark.parametrize("role", ["moderator", "analyst", "dpo"])
def test_only_owners_and_editors_hold_hearings(open_consultation, draft, host, role):
    staff = HostRoleFactory(host=host, role=role).user
    for act in (
        lambda: create_hearing(open_consultation, TYPED, by=staff),
        lambda: change_hearing(draft, TYPED, by=staff),
        lambda: announce_hearing(draft, by=staff),
        lambda: delete_hearing(draft, by=staff),
        lambda: add_item(draft, ItemInput("One"), by=staff),
    ):
        with pytest.raises(NotAllowed):
            act()


# --- announced, moved, cancelled ----------------------------------------------------------------
def test_nobody_sees_a_draft_and_everybody_what_was_announced(draft, owner, client):
    page = draft.get_absolute_url()
    overview = draft.consultation.get_absolute_url()
    api = f"/api/v1/consultations/{draft.consultation.slug}/hearings/"
    assert client.get(page).status_code == 404
    assert client.get(f"{api}{draft.slug}/").status_code == 404
    assert client.get(api).json()["results"] == []
    assert "On thresholds" not in client.get(overview).content.decode()
    announce_hearing(draft, by=owner)
    assert client.get(page).status_code == 200
    assert client.get(api).json()["results"][0]["slug"] == draft.slug
    assert "On thresholds" in client.get(overview).content.decode()
    feed = reverse("consultations:feed", args=[draft.consultation.slug])
    assert "Hearing announced: On thresholds" in client.get(feed).content.decode()
    news = News.objects.get()
    assert news.topic == f"consultation:{draft.consultation.slug}"
    assert news.path == page
    assert Entry.objects.filter(kind="hearing.announced").exists()


def test_it_is_announced_once_and_only_where_it_can_be_seen(draft, owner):
    consultation = draft.consultation
    consultation.published_at = None
    consultation.save()
    with pytest.raises(NotNow):
        announce_hearing(draft, by=owner)
    consultation.published_at = days(-1)
    consultation.save()
    announce_hearing(draft, by=owner)
    with pytest.raises(NotNow):
        announce_hearing(draft, by=owner)


def test_a_draft_whose_time_is_over_is_not_announced(draft, owner):
    Hearing.objects.filter(pk=draft.pk).update(
        starts_at=days(-2), requests_close_at=days(-3), ends_at=days(-1)
    )
    with pytest.raises(NotNow):
        announce_hearing(draft, by=owner)


def test_another_place_is_told_to_who_speaks_and_who_follows(hearing, owner, participant, rival):
    SpeakerFactory(hearing=hearing, person=participant)
    SpeakerFactory(hearing=hearing, person=rival, state="declined", reason="No.")
    SpeakerFactory(hearing=hearing, person=None, email="uma@example.org", state="accepted")
    change_hearing(hearing, replace(HearingInput.of(hearing), place="Room 4"), by=owner)
    letters = Letter.objects.filter(template="hearings/mail/moved")
    assert sorted(letters.values_list("address", flat=True)) == [
        "participant@example.org",
        "uma@example.org",
    ]
    assert letters.first().context["place"] == "Room 4"
    news = News.objects.get()
    assert news.text == f"Other time or place: A hearing ({hearing.consultation.title})"


def test_another_description_is_told_to_nobody(hearing, owner, participant):
    SpeakerFactory(hearing=hearing, person=participant)
    change_hearing(hearing, replace(HearingInput.of(hearing), description="More."), by=owner)
    assert not Letter.objects.exists()
    assert not News.objects.exists()


def test_each_move_is_news_of_its_own(hearing, owner):
    for place in ("Room 4", "Room 5"):
        change_hearing(hearing, replace(HearingInput.of(hearing), place=place), by=owner)
        hearing.refresh_from_db()
    assert len(set(News.objects.values_list("path", flat=True))) == 2


def test_a_cancelled_hearing_stays_with_its_reason(hearing, owner, participant, client):
    SpeakerFactory(hearing=hearing, person=participant)
    with pytest.raises(InvalidHearing):
        cancel_hearing(hearing, reason=" ", by=owner)
    with pytest.raises(InvalidHearing):
        cancel_hearing(hearing, reason="x" * 2_001, by=owner)
    cancel_hearing(hearing, reason="The hall burned down.", by=owner)
    shown = client.get(hearing.get_absolute_url()).content.decode()
    assert "This hearing was cancelled." in shown
    assert "The hall burned down." in shown
    letter = Letter.objects.get(template="hearings/mail/cancelled")
    assert letter.context["reason"] == "The hall burned down."
    assert News.objects.get().path.endswith("#cancelled")
    for act in (
        lambda: cancel_hearing(hearing, reason="Again.", by=owner),
        lambda: change_hearing(hearing, HearingInput.of(hearing), by=owner),
        lambda: add_item(hearing, ItemInput("One"), by=owner),
        lambda: close_hearing(hearing, by=owner),
    ):
        with pytest.raises(NotNow):
            act()


def test_a_cancelled_hearing_asks_nobody_to_speak(hearing, owner, client):
    assert "Ask to speak" in client.get(hearing.get_absolute_url()).content.decode()
    cancel_hearing(hearing, reason="No hall.", by=owner)
    assert "Ask to speak" not in client.get(hearing.get_absolute_url()).content.decode()


def test_only_a_draft_is_deleted_and_only_what_is_known_cancelled(draft, hearing, owner):
    with pytest.raises(NotNow):
        cancel_hearing(draft, reason="No.", by=owner)
    with pytest.raises(NotNow):
        delete_hearing(hearing, by=owner)
    delete_hearing(draft, by=owner)
    assert list(Hearing.objects.all()) == [hearing]


def test_it_is_over_once_it_has_begun(hearing, held, owner):
    close_hearing(held, by=owner)
    held.refresh_from_db()
    assert held.state == "closed"


def test_it_is_not_over_before(hearing, owner):
    with pytest.raises(NotNow):
        close_hearing(hearing, by=owner)


# --- calendars ----------------------------------------------------------------------------------
def test_a_calendar_reads_when_where_and_what(hearing, client):
    hearing.title = "A hearing; with, signs \u202eand more"
    hearing.description = "x"
    hearing.save()
    event = event_of(client, hearing)
    assert event["uid"] == f"hearing-{hearing.uid}"
    assert event.start == hearing.starts_at.replace(microsecond=0)
    assert event.end == hearing.ends_at.replace(microsecond=0)
    assert event.start.tzinfo is not None
    assert (event["sequence"], event["status"], event["location"]) == (0, "CONFIRMED", "Room 3")
    assert "A hearing; with, signs ⟨U+202E⟩and more" in str(event["summary"])
    assert "1. Thresholds" in str(event["description"])
    assert str(event["url"]).endswith(hearing.get_absolute_url())


def test_the_file_is_in_utc(hearing, client):
    place = [hearing.consultation.slug, hearing.slug]
    answer = client.get(reverse("hearings:calendar", args=place))
    assert answer["Content-Type"].startswith("text/calendar")
    assert f"DTSTART:{hearing.starts_at:%Y%m%dT%H%M%SZ}".encode() in answer.content
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_each_change_has_a_higher_sequence_and_the_same_uid(hearing, owner, client):
    first = event_of(client, hearing)
    seen = [first["sequence"]]
    for act in (
        lambda: change_hearing(
            hearing, replace(HearingInput.of(hearing), place="Room 4"), by=owner
        ),
        lambda: add_item(hearing, ItemInput("More"), by=owner),
        lambda: cancel_hearing(hearing, reason="No.", by=owner),
    ):
        act()
        event = event_of(client, hearing)
        assert event["uid"] == first["uid"]
        seen.append(event["sequence"])
    assert seen == [0, 1, 2, 3]
    assert event["status"] == "CANCELLED"
    assert "Cancelled: No." in str(event["description"])


def test_the_calendar_of_the_consultation_holds_it_too(hearing, draft, owner, client):
    cancel_hearing(hearing, reason="No.", by=owner)
    place = reverse("consultations:calendar", args=[hearing.consultation.slug])
    events = events_of(client.get(place))
    (found,) = [one for one in events if str(one["uid"]) == f"hearing-{hearing.uid}"]
    assert found["status"] == "CANCELLED"
    assert len(events) == 3  # with opening and closing of the phase, without the draft


def test_the_calendar_of_the_consultation_costs_the_same(
    hearing, client, django_assert_num_queries, django_assert_max_num_queries
):
    place = reverse("consultations:calendar", args=[hearing.consultation.slug])
    with django_assert_max_num_queries(6) as seen:
        client.get(place)
    for _time in range(4):
        HearingFactory(consultation=hearing.consultation)
    with django_assert_num_queries(len(seen)):
        client.get(place)


# --- the agenda -----------------------------------------------------------------------------------
def test_the_agenda_is_written_ordered_and_shown(draft, owner, client):
    first, second, third = (
        add_item(draft, ItemInput(title, minutes="20"), by=owner)
        for title in ("One", "Two", "Three")
    )
    move_item(third, earlier=True, by=owner)
    move_item(first, earlier=True, by=owner)  # nothing is before it
    change_item(second, ItemInput("Second", provisions=["article-2", "article-2"]), by=owner)
    assert [one.title for one in draft.items.all()] == ["One", "Three", "Second"]
    remove_item(first, by=owner)
    announce_hearing(draft, by=owner)
    shown = client.get(draft.get_absolute_url()).content.decode()
    assert shown.index("Three") < shown.index("Second")
    assert "#provision-article-2" in shown
    assert draft.items.last().provisions == ["article-2"]


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        (ItemInput(""), "title"),
        (ItemInput("x" * 301), "title"),
        (ItemInput("One", text="x" * 5_001), "text"),
        (ItemInput("One", minutes="0"), "minutes"),
        (ItemInput("One", minutes="ten"), "minutes"),
        (ItemInput("One", provisions=["article-77"]), "provisions"),
    ],
)
def test_what_is_no_item_is_named(draft, owner, entered, field):
    with pytest.raises(InvalidHearing) as refused:
        add_item(draft, entered, by=owner)
    assert list(refused.value.fields) == [field]


# --- pages and API --------------------------------------------------------------------------------
def test_staff_plans_and_announces_on_pages_that_keep_what_was_typed(
    open_consultation, owner, client
):
    client.force_login(owner)
    new = reverse("hearings:new", args=[open_consultation.slug])
    typed = {name: value for name, value in vars(TYPED).items() if value}
    refused = client.post(new, {**typed, "ends": "2099-03-02T09:00"})
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert 'value="On thresholds"' in shown
    assert 'value="2099-03-02T09:00"' in shown
    assert 'href="#ends"' in shown
    assert client.post(new, typed).status_code == 302
    made = Hearing.objects.get()
    place = [open_consultation.slug, made.slug]
    manage = reverse("hearings:manage", args=place)
    refused = client.post(manage, {"act": "add", "title": "", "text": "Kept."})
    assert "Kept." in refused.content.decode()
    client.post(manage, {"act": "add", "title": "One", "provisions": ["article-1"]})
    client.post(manage, {"act": "add", "title": "Two"})
    first = made.items.first()
    client.post(manage, {"act": "later", "item": first.pk})
    assert [one.title for one in made.items.all()] == ["Two", "One"]
    item = reverse("hearings:item", args=[*place, first.pk])
    client.post(item, {"title": "First", "minutes": "30"})
    assert made.items.last().minutes == 30
    act = reverse("hearings:act", args=place)
    client.post(act, {"act": "announce"})
    client.post(reverse("hearings:change", args=place), {**typed, "place": "Room 9"})
    made.refresh_from_db()
    assert (made.state, made.place) == ("announced", "Room 9")
    refused = client.post(act, {"act": "cancel", "reason": ""})
    assert refused.status_code == 422
    client.post(act, {"act": "cancel", "reason": "No hall."})
    assert client.post(act, {"act": "delete"}).status_code == 409


def test_what_is_deleted_for_good_is_asked_for_first(draft, owner, client):
    client.force_login(owner)
    place = [draft.consultation.slug, draft.slug]
    gone = add_item(draft, ItemInput("One"), by=owner)
    manage, act = (reverse(f"hearings:{name}", args=place) for name in ("manage", "act"))
    asked = client.post(manage, {"act": "remove", "item": gone.pk}).content.decode()
    assert "Take this item off the agenda?" in asked
    assert f'name="item" value="{gone.pk}"' in asked
    assert draft.items.exists()
    client.post(manage, {"act": "remove", "item": gone.pk, "sure": 1})
    assert not draft.items.exists()
    asked = client.post(act, {"act": "delete"}).content.decode()
    assert "Delete this hearing?" in asked
    assert f'href="{manage}"' in asked
    assert Hearing.objects.exists()
    client.post(act, {"act": "delete", "sure": 1})
    assert not Hearing.objects.exists()


@pytest.mark.parametrize(
    ("zone", "shown"), [("Europe/Berlin", "03:35"), ("America/New_York", "21:35"), ("UTC", "02:35")]
)
def test_the_page_to_plan_one_says_what_its_clocks_show(
    open_consultation, owner, client, zone, shown
):
    Consultation.objects.filter(pk=open_consultation.pk).update(time_zone=zone)
    with time_machine.travel(datetime(2026, 11, 27, 2, 35, tzinfo=UTC), tick=False):
        client.force_login(owner)
        page = client.get(reverse("hearings:new", args=[open_consultation.slug]))
    assert f"where it is {shown} now" in page.content.decode()


def test_a_page_that_was_not_touched_changes_no_time(hearing, owner, client):
    client.force_login(owner)
    before = hearing.starts_at
    page = reverse("hearings:change", args=[hearing.consultation.slug, hearing.slug])
    client.post(page, vars(HearingInput.of(hearing)))
    hearing.refresh_from_db()
    assert hearing.starts_at == before
    assert not Letter.objects.exists()


def test_everything_can_be_done_over_the_api(
    open_consultation, owner, client, stranger_to_the_host
):
    client.force_login(owner)
    base = f"/api/v1/workspace/consultations/{open_consultation.slug}/hearings/"
    entered = {"title": "A", "starts": TYPED.starts, "ends": TYPED.starts, "place": "Here"}
    refused = client.post(base, entered, **JSON)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "ends")
    made = client.post(base, {**entered, "ends": TYPED.ends}, **JSON)
    assert made.status_code == 201, made.content
    one = f"{base}{made.json()['slug']}/"
    agenda = f"{one}agenda/"
    first = client.post(agenda, {"title": "One", "minutes": 20}, **JSON).json()["id"]
    second = client.post(agenda, {"title": "Two", "provisions": ["article-1"]}, **JSON)
    assert client.post(agenda, {"title": "No", "provisions": ["x"]}, **JSON).status_code == 422
    client.patch(f"{agenda}{second.json()['id']}/", {"earlier": True}, **JSON)
    assert [item["title"] for item in client.get(agenda).json()] == ["Two", "One"]
    client.put(f"{agenda}{first}/", {"title": "Uno"}, **JSON)
    client.delete(f"{agenda}{second.json()['id']}/")
    assert client.post(f"{one}announcement/", **JSON).json()["state"] == "announced"
    moved = client.put(one, {**entered, "ends": TYPED.ends, "place": "There"}, **JSON)
    assert (moved.json()["place"], moved.json()["sequence"]) == ("There", 1)
    public = client.get(f"/api/v1/consultations/{open_consultation.slug}/hearings/a/").json()
    assert [item["title"] for item in public["agenda"]] == ["Uno"]
    assert client.delete(one).status_code == 409
    assert client.post(f"{one}closing/", **JSON).status_code == 409
    assert client.post(f"{one}cancellation/", {"reason": "No."}, **JSON).json()["reason"] == "No."
    assert [row["state"] for row in client.get(base).json()] == ["cancelled"]
    client.force_login(stranger_to_the_host)
    assert client.get(base).status_code == 404


def test_lists_over_the_api_cost_the_same(hearing, client, django_assert_num_queries):
    place = f"/api/v1/consultations/{hearing.consultation.slug}/hearings/"
    with django_assert_num_queries(1):
        client.get(place)
    for _time in range(4):
        HearingFactory(consultation=hearing.consultation)
    with django_assert_num_queries(1):
        assert len(client.get(place).json()["results"]) == 5


def test_every_mail_about_a_hearing_can_be_written(hearing, owner, participant):
    SpeakerFactory(hearing=hearing, person=participant, state="accepted")
    later = timezone.now() + timedelta(days=20)
    typed = HearingInput.of(hearing)
    change_hearing(
        hearing,
        replace(typed, starts=f"{later:%Y-%m-%dT10:00}", ends=f"{later:%Y-%m-%dT11:00}"),
        by=owner,
    )
    cancel_hearing(hearing, reason="<b>No & no.</b>", by=owner)
    for letter in Letter.objects.all():
        send(letter)
    assert [one.subject for one in mail.outbox] == [
        "Other time or place: A hearing",
        "Cancelled: A hearing",
    ]
    assert "<b>No & no.</b>" in mail.outbox[1].body


def test_the_demo_has_one_hearing_however_often_it_is_loaded(client):
    list(demo.load_consultations())
    demo.make_accounts()
    for _time in range(2):
        demo.hold_hearing()
    made = Hearing.objects.get()
    assert made.items.first().provisions == ["art-2"]
    assert client.get(made.get_absolute_url()).status_code == 200


def test_what_cannot_be_taken_back_says_beside_its_button_what_follows(draft, owner, client):
    client.force_login(owner)
    place = [draft.consultation.slug, draft.slug]
    manage, speakers, minutes = (
        reverse(f"hearings:{name}", args=place) for name in ("manage", "speakers", "statements")
    )
    assert "It can then be changed or cancelled, not deleted." in client.get(manage).text
    assert "It replaces the order made by hand." in client.get(speakers).text
    announce_hearing(draft, by=owner)
    begun = days(-1)
    Hearing.objects.filter(pk=draft.pk).update(
        starts_at=begun, requests_close_at=begun, ends_at=days(1)
    )
    assert "add first who spoke and is not on it" in client.get(manage).text
    told = "They stay public, and who follows the consultation gets a mail."
    assert told in client.get(minutes).text
    publish_minutes(Hearing.objects.get(), by=owner)
    assert told not in client.get(minutes).text
