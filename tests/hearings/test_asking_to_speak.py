"""People ask to speak, staff decides, and the groups take turns."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.groups import StakeholderGroup
from apps.accounts.mailing import send
from apps.accounts.models import Letter
from apps.core.errors import NotAllowed
from apps.hearings.errors import AskedAlready, InvalidHearing, NotNow, RequestsClosed
from apps.hearings.models import Hearing, Speaker
from apps.hearings.ordering import in_turn
from apps.hearings.services import (
    RequestInput,
    SpeakerInput,
    accept,
    add_speaker,
    ask_to_speak,
    cancel_hearing,
    close_hearing,
    decline,
    move_speaker,
    order_in_turn,
    set_minutes,
    withdraw_request,
)
from tests.factories import HearingFactory, MembershipFactory, SpeakerFactory, days

pytestmark = pytest.mark.django_db
ASKED = RequestInput("The threshold.", group="individual")
JSON = {"content_type": "application/json"}


def page_of(client, hearing):
    return client.get(hearing.get_absolute_url()).content.decode()


# --- asking -----------------------------------------------------------------------------------
def test_a_person_asks_for_themselves_and_for_an_organisation(hearing, member, forum):
    item = hearing.items.get()
    own = ask_to_speak(hearing, ASKED, by=member)
    theirs = ask_to_speak(
        hearing, RequestInput("Who observes.", organisation=forum, item=str(item.pk)), by=member
    )
    assert (own.organisation, own.group, own.minutes, own.is_named) == (
        None,
        "individual",
        5,
        False,
    )
    assert (theirs.organisation_name, theirs.group, theirs.item) == (forum.name, "civil", item)
    for entered in (ASKED, RequestInput("Again.", organisation=forum)):
        with pytest.raises(AskedAlready):
            ask_to_speak(hearing, entered, by=member)


def test_two_members_are_one_organisation(hearing, member, forum, rival):
    MembershipFactory(organisation=forum, user=rival)
    ask_to_speak(hearing, RequestInput("So.", organisation=forum), by=member)
    with pytest.raises(AskedAlready):
        ask_to_speak(hearing, RequestInput("So.", organisation=forum), by=rival)


def test_nobody_asks_for_an_organisation_they_may_not_submit_for(
    hearing, forum, participant, drafter
):
    for person in (participant, drafter):
        with pytest.raises(NotAllowed):
            ask_to_speak(hearing, RequestInput("So.", organisation=forum), by=person)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"about": ""}, "about"),
        ({"about": "x" * 301}, "about"),
        ({"about": "a\nb"}, "about"),
        ({"about": "a\x00b"}, "about"),
        ({"group": ""}, "group"),
        ({"group": "kings"}, "group"),
        ({"item": "99999"}, "item"),
        ({"item": "one"}, "item"),
        ({"item": "9" * 40}, "item"),
    ],
)
def test_a_request_that_cannot_be_taken_is_named(hearing, participant, more, field):
    entered = {"about": "So.", "group": "individual", **more}
    with pytest.raises(InvalidHearing) as refused:
        ask_to_speak(hearing, RequestInput(**entered), by=participant)
    assert list(refused.value.fields) == [field]


def test_an_item_of_another_hearing_is_none(hearing, participant):
    other = HearingFactory(consultation=hearing.consultation)
    item = other.items.create(position=1, title="Other")
    with pytest.raises(InvalidHearing):
        ask_to_speak(hearing, RequestInput("So.", group="other", item=str(item.pk)), by=participant)


def test_after_closing_one_cannot_ask_and_a_page_says_so(hearing, participant, client):
    Hearing.objects.filter(pk=hearing.pk).update(requests_close_at=days(-1))
    with pytest.raises(RequestsClosed):
        ask_to_speak(hearing, ASKED, by=participant)
    client.force_login(participant)
    page = reverse("hearings:speak", args=[hearing.consultation.slug, hearing.slug])
    shown = client.get(page)
    assert shown.status_code == 200
    assert "You can no longer ask to speak." in shown.content.decode()
    assert "<form method=" not in shown.content.decode().split("<main")[1].split("</main")[0]
    assert client.post(page, {"about": "So.", "group": "other"}).status_code == 409


def test_a_cancelled_hearing_and_a_draft_take_no_requests(hearing, participant, owner):
    cancel_hearing(hearing, reason="No.", by=owner)
    draft = HearingFactory(consultation=hearing.consultation, state="draft", announced_at=None)
    for one in (hearing, draft):
        with pytest.raises(RequestsClosed):
            ask_to_speak(one, ASKED, by=participant)


def test_who_withdrew_may_ask_again_and_who_was_declined_may_not(hearing, participant, owner):
    asked = ask_to_speak(hearing, ASKED, by=participant)
    withdraw_request(asked, by=participant)
    again = ask_to_speak(hearing, ASKED, by=participant)
    assert (again.pk, again.state) == (asked.pk, "asked")
    decline(again, reason="Too many.", by=owner)
    with pytest.raises(AskedAlready):
        ask_to_speak(hearing, ASKED, by=participant)
    with pytest.raises(NotNow):
        withdraw_request(again, by=participant)


def test_a_request_is_withdrawn_by_whom_it_belongs_to_until_it_begins(
    hearing, participant, rival, held
):
    asked = SpeakerFactory(hearing=held, person=participant, state="accepted")
    with pytest.raises(NotAllowed):
        withdraw_request(asked, by=rival)
    with pytest.raises(NotNow):
        withdraw_request(asked, by=participant)


# --- deciding -----------------------------------------------------------------------------------
def test_accepting_and_declining_are_told_by_mail(hearing, participant, rival, owner):
    first = SpeakerFactory(hearing=hearing, person=participant, state="asked")
    second = SpeakerFactory(hearing=hearing, person=rival, state="asked")
    accept(first, minutes="8", by=owner)
    with pytest.raises(InvalidHearing):
        decline(second, reason=" ", by=owner)
    decline(second, reason="The list is full.", by=owner)
    for letter in Letter.objects.order_by("pk"):
        send(letter)
    yes, no = mail.outbox
    assert yes.to == ["participant@example.org"]
    assert "8 minutes" in yes.body
    assert no.to == ["rival@example.org"]
    assert "The list is full." in no.body
    first.refresh_from_db()
    assert (first.state, first.minutes, first.position) == ("accepted", 8, 1)


@pytest.mark.parametrize("minutes", ["0", "-1", "481", "many", "9" * 30])
def test_nobody_speaks_without_time(hearing, owner, minutes):
    asked = SpeakerFactory(hearing=hearing, state="asked")
    with pytest.raises(InvalidHearing):
        accept(asked, minutes=minutes, by=owner)
    asked.state = "accepted"
    asked.save()
    for typed in (minutes, ""):
        with pytest.raises(InvalidHearing):
            set_minutes(asked, minutes=typed, by=owner)


def test_somebody_without_an_account_is_added_by_hand(hearing, owner, client):
    entered = SpeakerInput("Uma", "Union of Crews", "uma@example.org", "union")
    made = add_speaker(hearing, entered, by=owner)
    assert (made.state, made.person, made.minutes) == ("accepted", None, 5)
    shown = page_of(client, hearing)
    assert "Union of Crews" in shown
    assert "Uma" not in shown
    assert "uma@example.org" not in shown


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": "", "organisation": ""}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"name": "Uma\u202e"}, "name"),
        ({"organisation": "x" * 301}, "organisation"),
        ({"email": "nowhere"}, "email"),
        ({"email": "x" * 250 + "@example.org"}, "email"),
        ({"group": "kings"}, "group"),
        ({"item": "99999"}, "item"),
        ({"minutes": "0"}, "minutes"),
    ],
)
def test_a_speaker_who_cannot_be_added_is_named(hearing, owner, more, field):
    entered = {"name": "Uma", "group": "union", **more}
    with pytest.raises(InvalidHearing) as refused:
        add_speaker(hearing, SpeakerInput(**entered), by=owner)
    assert list(refused.value.fields) == [field]


def test_the_list_of_a_hearing_that_is_over_stays(held, owner):
    speaker = SpeakerFactory(hearing=held, state="accepted")
    close_hearing(held, by=owner)
    for act in (
        lambda: set_minutes(speaker, minutes="5", by=owner),
        lambda: move_speaker(speaker, earlier=True, by=owner),
        lambda: order_in_turn(held, by=owner),
        lambda: add_speaker(held, SpeakerInput("Uma", group="union"), by=owner),
    ):
        with pytest.raises(NotNow):
            act()


def test_only_owners_and_editors_decide(hearing, analyst, moderator, stranger_to_the_host):
    asked = SpeakerFactory(hearing=hearing)
    for person in (analyst, moderator, stranger_to_the_host):
        for act in (
            lambda by=person: accept(asked, by=by),
            lambda by=person: decline(asked, reason="No.", by=by),
            lambda by=person: order_in_turn(hearing, by=by),
        ):
            with pytest.raises(NotAllowed):
                act()


# --- in turn ------------------------------------------------------------------------------------
def test_groups_speak_in_turn_and_the_smallest_begins(hearing, owner, client):
    groups = ["company", "company", "company", "civil", "civil", "research", "union"]
    listed = [
        SpeakerFactory(hearing=hearing, group=group, state="accepted", asked_at=days(-9 + n))
        for n, group in enumerate(groups)
    ]
    # The union asked twice, so research alone has the fewest requests.
    SpeakerFactory(hearing=hearing, group="union", state="declined", reason="No.")
    SpeakerFactory(hearing=hearing, group="research", state="withdrawn")
    ordered = order_in_turn(hearing, by=owner)
    assert [one.group for one in ordered] == [
        *("research", "civil", "union", "company"),
        *("civil", "company"),
        "company",
    ]
    firms = [one for one in ordered if one.group == "company"]
    assert firms == listed[:3]
    assert list(hearing.speakers.accepted()) == ordered
    assert "The groups speak in turn." in page_of(client, hearing)
    move_speaker(ordered[1], earlier=True, by=owner)
    assert list(hearing.speakers.accepted())[:2] == [ordered[1], ordered[0]]
    assert "The host put this list in order." in page_of(client, hearing)


@given(st.lists(st.sampled_from(StakeholderGroup.values), max_size=30), st.randoms())
def test_the_order_depends_on_nothing_but_the_list(groups, random):
    speakers = [
        Speaker(pk=n, group=group, asked_at=days(0) + timedelta(minutes=n % 3))
        for n, group in enumerate(groups, 1)
    ]
    requests = {group: groups.count(group) for group in groups}
    ordered = in_turn(speakers, requests)
    assert sorted(one.pk for one in ordered) == [one.pk for one in speakers]
    random.shuffle(speakers)
    assert in_turn(speakers, requests) == ordered
    # As long as every group still has speakers, each speaks once in a round.
    round_size = len(set(groups))
    assert len({one.group for one in ordered[:round_size]}) == round_size


def test_the_list_shows_time_groups_and_who_is_missing(hearing, owner, client):
    for _time in range(3):
        SpeakerFactory(hearing=hearing, group="company", state="accepted", minutes=50)
    client.force_login(owner)
    page = reverse("hearings:speakers", args=[hearing.consultation.slug, hearing.slug])
    shown = client.get(page).content.decode()
    assert "Speaking takes 150 of 120 minutes." in shown
    assert "That is 30 minutes too many." in shown
    public = page_of(client, hearing)
    missing = public.split("Nobody speaks yet for:")[1].split("</p>")[0]
    assert "Civil society" in missing
    assert "Company" not in missing
    api = f"/api/v1/consultations/{hearing.consultation.slug}/hearings/{hearing.slug}/"
    told = client.get(api).json()
    assert (told["speaking_minutes"], told["length_minutes"]) == (150, 120)
    assert {"group": "company", "requests": 3, "speakers": 3, "minutes": 150} in told["groups"]


def test_a_private_person_is_named_only_if_they_chose_it(hearing, participant, client, owner):
    shy = ask_to_speak(hearing, ASKED, by=participant)
    accept(shy, by=owner)
    assert "Pat Participant" not in page_of(client, hearing)
    withdraw_request(shy, by=participant)
    bold = RequestInput("So.", group="individual", is_named=True)
    accept(ask_to_speak(hearing, bold, by=participant), by=owner)
    assert "Pat Participant" in page_of(client, hearing)


def test_who_is_not_on_the_list_is_not_shown(hearing, participant, client):
    entered = RequestInput("Very secret.", group="individual", is_named=True)
    ask_to_speak(hearing, entered, by=participant)
    assert "Pat Participant" not in page_of(client, hearing)
    assert "Very secret." not in page_of(client, hearing)


def test_pages_cost_the_same_for_two_and_for_twenty(
    hearing, owner, client, django_assert_max_num_queries, django_assert_num_queries
):
    manage = reverse("hearings:speakers", args=[hearing.consultation.slug, hearing.slug])
    api = f"/api/v1/consultations/{hearing.consultation.slug}/hearings/{hearing.slug}/"
    client.force_login(owner)
    client.get(manage)
    seen = {}
    for address in (hearing.get_absolute_url(), manage, api):
        with django_assert_max_num_queries(20) as queries:
            client.get(address)
        seen[address] = len(queries)
    for number in range(18):
        state = ("accepted", "asked", "withdrawn")[number % 3]
        SpeakerFactory(hearing=hearing, state=state, item=hearing.items.get())
    for address, count in seen.items():
        with django_assert_num_queries(count):
            client.get(address)


# --- pages and API --------------------------------------------------------------------------------
def test_one_asks_on_a_page_that_keeps_what_was_typed(hearing, member, participant, forum, client):
    page = reverse("hearings:speak", args=[hearing.consultation.slug, hearing.slug])
    assert client.get(page).status_code == 302
    client.force_login(participant)
    assert client.post(page, {"for": forum.slug, "about": "So."}).status_code == 403
    refused = client.post(page, {"about": "A long matter", "is_named": "on"})
    assert refused.status_code == 422
    assert 'value="A long matter"' in refused.content.decode()
    assert "checked" in refused.content.decode()
    client.force_login(member)
    answer = client.post(page, {"for": forum.slug, "about": "So.", "item": hearing.items.get().pk})
    assert answer.headers["Location"] == hearing.get_absolute_url()
    shown = page_of(client, hearing)
    assert "Your request for Citizens&#x27; Forum:" in shown
    asked = Speaker.objects.get()
    place = [hearing.consultation.slug, hearing.slug, asked.pk]
    client.post(reverse("hearings:withdraw", args=place))
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_the_minutes_of_everybody_are_saved_with_one_request(hearing, owner, client):
    one, two = (
        SpeakerFactory(hearing=hearing, state="accepted", position=place, minutes=5)
        for place in (1, 2)
    )
    client.force_login(owner)
    page = reverse("hearings:speakers", args=[hearing.consultation.slug, hearing.slug])
    typed = {f"minutes-{one.pk}": "7", f"minutes-{two.pk}": "none"}
    refused = client.post(page, {"act": "all", **typed})
    assert refused.status_code == 422
    assert f'href="#minutes-{two.pk}"' in refused.text
    assert 'value="7"' in refused.text
    assert 'value="none"' in refused.text
    assert {row.minutes for row in hearing.speakers.accepted()} == {5}
    client.post(page, {"act": "all", **typed, f"minutes-{two.pk}": "9"})
    assert [row.minutes for row in hearing.speakers.accepted()] == [7, 9]
    typed = {f"minutes-{one.pk}": "8", f"minutes-{two.pk}": "9"}
    client.post(page, {"act": f"earlier-{two.pk}", **typed})
    order = [(row.pk, row.minutes) for row in hearing.speakers.accepted()]
    assert order == [(two.pk, 9), (one.pk, 8)]


def test_programs_save_the_minutes_of_everybody_with_one_request(hearing, owner, client):
    one, two = (
        SpeakerFactory(hearing=hearing, state="accepted", position=place, minutes=5)
        for place in (1, 2)
    )
    address = (
        f"/api/v1/workspace/consultations/{hearing.consultation.slug}"
        f"/hearings/{hearing.slug}/speakers/"
    )

    def send(*pairs):
        given = [{"speaker": pk, "minutes": minutes} for pk, minutes in pairs]
        return client.patch(address, {"speakers": given}, content_type="application/json")

    assert send((one.pk, 7)).status_code == 401
    client.force_login(owner)
    assert send((one.pk, 7), (two.pk, 0)).status_code == 400
    assert {row.minutes for row in hearing.speakers.accepted()} == {5}
    told = send((one.pk, 7), (two.pk, 9))
    assert [row["minutes"] for row in told.json()] == [7, 9]
    assert [row.minutes for row in hearing.speakers.accepted()] == [7, 9]


def test_staff_decides_on_a_page_that_keeps_what_was_typed(hearing, owner, client):
    one, two = SpeakerFactory(hearing=hearing), SpeakerFactory(hearing=hearing)
    client.force_login(owner)
    place = [hearing.consultation.slug, hearing.slug]
    page = reverse("hearings:speakers", args=place)
    refused = client.post(page, {"act": "accept", "speaker": one.pk, "minutes": "none"})
    assert refused.status_code == 422
    assert f'href="#minutes-{one.pk}"' in refused.content.decode()
    assert 'value="none"' in refused.content.decode()
    client.post(page, {"act": "accept", "speaker": one.pk, "minutes": "7"})
    client.post(page, {"act": "accept", "speaker": two.pk, "minutes": ""})
    client.post(page, {"act": f"later-{one.pk}"})
    client.post(page, {"act": "all", f"minutes-{two.pk}": "9"})
    order = [(row.pk, row.minutes) for row in hearing.speakers.accepted()]
    assert order == [(two.pk, 9), (one.pk, 7)]
    client.post(page, {"act": "turn"})
    refused = client.post(page, {"act": "decline", "speaker": one.pk, "reason": ""})
    assert f'href="#reason-{one.pk}"' in refused.content.decode()
    client.post(page, {"act": "decline", "speaker": one.pk, "reason": "No."})
    assert client.post(page, {"act": "accept", "speaker": "0"}).status_code == 404
    add = reverse("hearings:speaker-new", args=place)
    refused = client.post(add, {"name": "Uma", "email": "nowhere", "group": "union"})
    assert 'value="nowhere"' in refused.content.decode()
    client.post(add, {"name": "Uma", "group": "union", "is_named": "on"})
    assert [row.public_name for row in hearing.speakers.accepted()] == ["", "Uma"]


def test_one_asks_and_staff_decides_over_the_api(hearing, participant, forum, owner, client):
    base = f"/api/v1/consultations/{hearing.consultation.slug}/hearings/{hearing.slug}/requests/"
    client.force_login(participant)
    wrong = client.post(base, {"about": "So.", "organisation": forum.slug}, **JSON)
    assert wrong.status_code == 403
    asked = client.post(base, {"about": "So.", "group": "individual"}, **JSON)
    assert (asked.status_code, asked.json()["state"]) == (201, "asked")
    again = client.post(base, {"about": "So.", "group": "individual"}, **JSON)
    assert (again.status_code, again.json()["code"]) == (409, "asked_already")
    pk = asked.json()["id"]
    staff = f"/api/v1/workspace/consultations/{hearing.consultation.slug}/hearings/{hearing.slug}/"
    client.force_login(owner)
    one = f"{staff}speakers/{pk}/"
    assert client.patch(one, {"act": "decline"}, **JSON).status_code == 422
    accepted = client.patch(one, {"act": "accept", "minutes": 6}, **JSON).json()
    assert (accepted["state"], accepted["minutes"]) == ("accepted", 6)
    assert accepted["email"] == "participant@example.org"
    added = {"name": "Uma", "group": "union", "email": "uma@example.org"}
    assert client.post(f"{staff}speakers/", added, **JSON).status_code == 201
    assert [row["group"] for row in client.post(f"{staff}order/", **JSON).json()] == [
        "union",
        "individual",
    ]
    assert client.patch(one, {"act": "earlier"}, **JSON).json()["position"] == 1
    assert client.patch(one, {"act": "minutes", "minutes": 3}, **JSON).json()["minutes"] == 3
    assert len(client.get(f"{staff}speakers/").json()) == 2
    client.force_login(participant)
    assert client.get(base).json()[0]["state"] == "accepted"
    assert client.delete(f"{base}{pk}/").json()["state"] == "withdrawn"
    assert client.delete(f"{base}{pk}/").status_code == 409
