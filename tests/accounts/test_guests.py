"""A confirmed e-mail address is enough where the host accepts it: guests respond, and no more."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.mailing import send
from apps.accounts.models import AccessToken, Letter, Membership, Organisation, User
from apps.accounts.services import guest_for, invite
from apps.consultations.models import Identity
from apps.submissions.models import Submission
from tests.factories import MembershipFactory, UserFactory
from tests.submissions.test_steps import fields

pytestmark = pytest.mark.django_db
ADDRESS = "ama@example.org"
CONFIRM = "/accounts/login/code/confirm/"


@pytest.fixture
def consultation(open_consultation):
    open_consultation.least_identity = Identity.EMAIL
    open_consultation.save()
    return open_consultation


@pytest.fixture
def respond(consultation):
    return reverse("submissions:respond", args=[consultation.slug])


def ask(client, address, then="/"):
    return client.post(f"/with-an-address/?next={then}", {"email": address}, follow=True)


def code_in_mail():
    return re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mail.outbox[-1].body, re.M)[1]


def come_in(client, address=ADDRESS, then="/"):
    ask(client, address, then)
    return client.post(f"{CONFIRM}?next={then}", {"code": code_in_mail()}, follow=True)


def test_a_visitor_responds_with_an_address_and_comes_back_with_it(client, respond, consultation):
    page = client.get(respond, follow=True)
    assert "Your e-mail address is enough here" in page.content.decode()
    then = page.request["QUERY_STRING"].removeprefix("next=")
    assert reverse("accounts:guest") == page.request["PATH_INFO"]
    page = come_in(client, then=respond)
    assert page.request["PATH_INFO"] == respond, then
    data = {**fields(page), "group": "individual", "answer-why.text": "It must end."}
    page = client.post(respond, {**data, "then": "check"}, follow=True)
    client.post(page.request["PATH_INFO"], {}, follow=True)
    filed = Submission.objects.get()
    assert filed.is_submitted
    assert filed.identity == Identity.EMAIL
    assert (
        "Confirmed e-mail address, without an account"
        in client.get(filed.get_absolute_url()).content.decode()
    )
    client.logout()
    come_in(client)
    page = client.get(filed.get_absolute_url()).content.decode()
    assert "This is your response" in page
    assert User.objects.get(email=ADDRESS).is_guest


def test_what_was_typed_before_is_kept_until_the_code_is_entered(client, respond):
    client.post(respond, {"group": "research", "answer-why.text": "Typed before.", "then": "save"})
    page = come_in(client, then=respond)
    assert "Typed before." in page.content.decode()


def test_nobody_learns_who_has_an_account(consultation):
    person = UserFactory(email="known@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    answers = [ask(Client(), address).content.decode() for address in (person.email, ADDRESS)]
    masked = [
        re.sub(r"known@example\.org|ama@example\.org|csrfmiddlewaretoken\S+ value=\S+", "", one)
        for one in answers
    ]
    assert masked[0] == masked[1]
    assert [message.to for message in mail.outbox] == [[person.email], [ADDRESS]]


def test_an_address_with_an_account_and_a_second_factor_does_not_come_in_by_the_code_alone(
    client, consultation
):
    person = UserFactory(email="staff@example.org", is_staff=True)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    TOTP.activate(person, generate_totp_secret())
    page = come_in(client, person.email)
    assert page.request["PATH_INFO"] == reverse("mfa_authenticate")
    assert client.get("/my-account/").status_code == 302


def test_a_wrong_or_old_code_does_not_come_in(client, respond):
    ask(client, ADDRESS, respond)
    code = code_in_mail()
    wrong = client.post(CONFIRM, {"code": "AAA-AAA"})
    assert wrong.status_code == 200
    assert "_auth_user_id" not in client.session
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        client.post(CONFIRM, {"code": code})
    assert "_auth_user_id" not in client.session


def test_a_code_opens_nothing_for_another_browser(client, client_of_somebody_else, respond):
    ask(client, ADDRESS, respond)
    client_of_somebody_else.post(CONFIRM, {"code": code_in_mail()})
    assert "_auth_user_id" not in client_of_somebody_else.session


@pytest.fixture
def client_of_somebody_else():
    return Client()


def test_codes_are_not_sent_without_end(client, settings, consultation):
    settings.ACCOUNT_RATE_LIMITS = {}
    cache.clear()
    for _time in range(30):
        ask(client, ADDRESS)
    assert len(mail.outbox) <= 3


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@c", "x\r\nBcc: y@example.org", "ü@", "a" * 400]
)
def test_what_is_no_address_is_said(client, consultation, address):
    page = ask(client, address)
    assert page.request["PATH_INFO"] == reverse("accounts:guest")
    assert not mail.outbox
    assert not User.objects.filter(is_guest=True).exists()


def test_addresses_are_one_in_any_case(client, respond):
    come_in(client, "Ama@Example.org")
    client.logout()
    come_in(client, "AMA@example.org")
    assert User.objects.filter(is_guest=True).count() == 1


def test_a_guest_only_responds(client, consultation):
    come_in(client)
    refused = client.post("/tokens/", {"name": "export", "scope": "read"})
    assert refused.status_code == 403
    assert "Make an account first" in refused.content.decode()
    organisation = {"name": "Ama and friends", "group": "civil"}
    assert client.post("/organisations/new/", organisation).status_code == 403
    asked = {"kind": "consultation", "key": consultation.slug, "frequency": "daily"}
    assert client.post("/following/", asked).status_code == 403
    assert client.get("/workspace/").status_code in (302, 404)
    assert not AccessToken.objects.exists()
    assert not Organisation.objects.exists()
    assert not Membership.objects.exists()


def test_a_guest_of_one_consultation_does_not_respond_where_an_account_is_needed(
    client, consultation, closed_consultation
):
    come_in(client)
    consultation.least_identity = Identity.ACCOUNT
    consultation.save()
    address = reverse("submissions:respond", args=[consultation.slug])
    page = client.post(
        address, {"group": "individual", "answer-why.text": "Kept.", "then": "save"}, follow=True
    )
    text = page.content.decode()
    assert page.status_code == 403
    assert "needs an account" in text
    assert "Kept." in text
    assert not Submission.objects.exists()


def test_a_draft_begun_before_is_kept_when_the_host_asks_for_more(client, respond, consultation):
    come_in(client, then=respond)
    client.post(respond, {"group": "individual", "answer-why.text": "Mine.", "then": "save"})
    consultation.least_identity = Identity.ACCOUNT
    consultation.save()
    check = reverse("submissions:check", args=[consultation.slug])
    page = client.post(check, {}, follow=True)
    assert page.status_code == 403
    assert "Mine." in page.content.decode()
    assert Submission.objects.get().is_draft
    client.post("/my-account/")
    client.post(check, {}, follow=True)
    assert Submission.objects.get().identity == Identity.ACCOUNT


def test_a_guest_makes_an_account_and_keeps_what_was_filed(client, respond, consultation):
    come_in(client, then=respond)
    data = {"group": "individual", "answer-why.text": "Mine.", "then": "check"}
    client.post(respond, data)
    client.post(reverse("submissions:check", args=[consultation.slug]), {})
    page = client.get("/my-account/").content.decode()
    assert "What you filed stays yours" in page
    client.post("/my-account/")
    person = User.objects.get(email=ADDRESS)
    assert not person.is_guest
    assert person.submissions.get().is_submitted
    assert client.post("/tokens/", {"name": "export", "scope": "read"}).status_code == 200


def test_signing_up_with_the_address_of_a_guest_makes_no_second_person(client, respond):
    come_in(client, then=respond)
    client.logout()
    form = {"email": ADDRESS, "password1": "a long pass phrase 77"}
    client.post(reverse("account_signup"), form, follow=True)
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert mail.outbox[-1].to == [ADDRESS]
    assert f"http://testserver{reverse('account_request_login_code')}" in mail.outbox[-1].body
    assert "Make an account" in mail.outbox[-1].body


def test_a_guest_who_wants_an_organisation_makes_an_account_and_is_led_on(client, consultation):
    come_in(client)
    new = reverse("accounts:organisation-new")
    page = client.get(new, follow=True)
    assert "You need an account to speak for an organisation." in page.text
    assert f'name="next" value="{new}"' in page.text
    led = client.post("/my-account/", {"next": new}, follow=True)
    assert led.request["PATH_INFO"] == new
    assert 'id="website"' in led.text


def test_a_guest_is_led_to_no_other_site(client, consultation):
    come_in(client)
    asked = client.post("/my-account/", {"next": "https://evil.example/"})
    assert asked.headers["Location"] == reverse("account_email")


def test_a_guest_who_is_invited_makes_an_account_on_the_way(client, consultation):
    seat = MembershipFactory(role="signatory")
    invite(seat.organisation, ADDRESS, role="drafter", by=seat.user)
    come_in(client)
    send(Letter.objects.get(address=ADDRESS, template="accounts/mail/invitation"))
    address = re.search(r"http://[^/]+(/invitations/\S+)", mail.outbox[-1].body)[1]
    page = client.get(address).text
    assert f'name="next" value="{address}"' in page
    assert 'value="accept"' not in page
    led = client.post("/my-account/", {"next": address}, follow=True)
    assert 'value="accept"' in led.text


def test_addresses_nobody_confirmed_are_forgotten(client, consultation):
    ask(client, ADDRESS)
    come_in(Client(), "confirmed@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        User.objects.forget_unconfirmed()
    assert list(User.objects.filter(is_guest=True).values_list("email", flat=True)) == [
        "confirmed@example.org"
    ]


def test_a_locked_person_is_not_let_in_as_a_guest(client, consultation):
    UserFactory(email="gone@example.org", is_active=False)
    assert not guest_for("gone@example.org").is_active
    ask(client, "gone@example.org")
    assert not re.search(r"^[A-Z0-9]{3,}-[A-Z0-9]{3,}$", mail.outbox[-1].body, re.M)


def test_who_mistyped_the_address_asks_again_with_another(client, respond):
    ask(client, "amma@example.org", respond)
    page = come_in(client, then=respond)
    assert mail.outbox[-1].to == [ADDRESS]
    assert page.request["PATH_INFO"] == respond
    assert page.wsgi_request.user.email == ADDRESS
