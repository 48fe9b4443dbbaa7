"""An address is added to a speaker later, and nobody stands on the list twice."""

import pytest
from django.core import mail
from django.core.signing import BadSignature
from django.urls import reverse

from apps.accounts.mailing import send
from apps.accounts.models import Letter
from apps.audit.models import Entry
from apps.hearings.errors import AskedAlready, InvalidHearing, NotNow
from apps.hearings.models import Speaker
from apps.hearings.proving import read_token, token_of
from apps.hearings.services import (
    SpeakerInput,
    add_speaker,
    cancel_hearing,
    close_hearing,
    decline,
    set_address,
)
from tests.factories import SpeakerFactory

pytestmark = pytest.mark.django_db
UMA = SpeakerInput("Uma Unknown", "Union of Crews", "", "union")


def sent():
    for letter in Letter.objects.all():
        send(letter)
    return mail.outbox


def test_an_address_is_added_once_the_hearing_is_over(held, owner, write):
    made = add_speaker(held, UMA, by=owner)
    close_hearing(held, by=owner)
    set_address(made, email=" uma@example.org ", by=owner)
    made.refresh_from_db()
    assert made.email == "uma@example.org"
    write(made)
    assert [one.to for one in sent()] == [["uma@example.org"]]
    assert "uma@" not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_what_waits_is_sent_to_the_new_address_and_old_links_are_void(unknown, write, owner):
    write(unknown)
    old = token_of(unknown)
    Letter.objects.all().delete()
    set_address(unknown, email="uma@crews.example", by=owner)
    assert [one.to for one in sent()] == [["uma@crews.example"]]
    with pytest.raises(BadSignature):
        read_token(old)
    Letter.objects.all().delete()
    set_address(unknown, email="uma@crews.example", by=owner)
    assert not Letter.objects.exists()


@pytest.mark.parametrize("typed", ["", "nowhere", "x" * 250 + "@example.org"])
def test_what_is_no_address_is_refused(unknown, owner, typed):
    with pytest.raises(InvalidHearing) as refused:
        set_address(unknown, email=typed, by=owner)
    assert list(refused.value.fields) == ["email"]


def test_who_has_an_account_and_who_was_called_off_get_no_other_address(
    speaker, hearing, unknown, owner
):
    with pytest.raises(NotNow):
        set_address(speaker, email="other@example.org", by=owner)
    cancel_hearing(hearing, reason="No room.", by=owner)
    with pytest.raises(NotNow):
        set_address(unknown, email="other@example.org", by=owner)


@pytest.mark.parametrize(
    "entered",
    [
        SpeakerInput("uma  unknown", "Union of crews", "", "union"),
        SpeakerInput("U. Unknown", "Union of Crews", "UMA@example.org", "union"),
    ],
)
def test_the_same_speaker_twice_is_refused_in_words(unknown, held, owner, entered):
    with pytest.raises(AskedAlready) as refused:
        add_speaker(held, entered, by=owner)
    told = "Union of Crews, Uma Unknown is on the list already."
    assert str(refused.value.message) == told
    assert held.speakers.count() == 1


@pytest.mark.parametrize(
    "entered",
    [
        SpeakerInput("Uma Unknown", "", "uma@example.org", "individual"),
        SpeakerInput("Ulf Unknown", "Union of Crews", "", "union"),
        SpeakerInput("Uma Unknown", "Union of Crews", "other.uma@example.org", "union"),
    ],
)
def test_another_speaker_is_added(unknown, held, owner, entered):
    add_speaker(held, entered, by=owner)
    assert held.speakers.count() == 2


def test_who_was_taken_off_the_list_is_added_again(unknown, held, owner):
    decline(unknown, reason="Ill.", by=owner)
    add_speaker(held, UMA, by=owner)
    assert held.speakers.accepted().count() == 1


def test_who_asked_with_an_account_is_not_added_by_hand(hearing, participant, owner):
    SpeakerFactory(hearing=hearing, person=participant, name="Pat")
    entered = SpeakerInput("Pat P.", "", participant.email.upper(), "individual")
    with pytest.raises(AskedAlready) as refused:
        add_speaker(hearing, entered, by=owner)
    assert "asked to speak already" in str(refused.value.message)


def test_an_address_that_makes_two_the_same_is_refused(unknown, held, owner):
    other = SpeakerFactory(
        hearing=held, person=None, name="Ulf", organisation_name="Union of Crews", state="accepted"
    )
    with pytest.raises(InvalidHearing):
        set_address(other, email="uma@example.org", by=owner)


def test_staff_adds_it_on_the_page_and_over_the_api(held, owner, client):
    made = add_speaker(held, UMA, by=owner)
    client.force_login(owner)
    slug = held.consultation.slug
    page = reverse("hearings:speakers", args=[slug, held.slug])
    wrong = client.post(page, {"act": "address", "speaker": made.pk, "email": "nowhere"})
    assert wrong.status_code == 422
    assert f'href="#email-{made.pk}"' in wrong.content.decode()
    assert 'value="nowhere"' in wrong.content.decode()
    client.post(page, {"act": "address", "speaker": made.pk, "email": "uma@example.org"})
    assert Speaker.objects.get(pk=made.pk).email == "uma@example.org"
    api = f"/api/v1/workspace/consultations/{slug}/hearings/{held.slug}/speakers/{made.pk}/"
    entered = {"act": "address", "email": "u@example.org"}
    answer = client.patch(api, entered, content_type="application/json")
    assert answer.json()["email"] == "u@example.org"
