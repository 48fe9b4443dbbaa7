"""Signing up again: who never confirmed an address gets another code, and nobody learns of it."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.services import guest_for
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "ama@example.org"
FIRST, SECOND = "first pass phrase 77", "second pass phrase 88"
CODE = re.compile(r"^[A-Z0-9]{3,}-[A-Z0-9]{3,}$", re.M)
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def sign_up(client, password=FIRST, address=ADDRESS):
    form = {"email": address, "password1": password}
    return client.post(reverse("account_signup"), form, follow=True)


def confirm(client):
    code = CODE.search(mail.outbox[-1].body)[0]
    return client.post(reverse("account_email_verification_sent"), {"code": code}, follow=True)


def shown(page):
    return page.redirect_chain, CSRF.sub("", page.content.decode())


@pytest.fixture
def waiting():
    """An account whose address nobody confirmed."""
    sign_up(Client())
    return User.objects.get(email=ADDRESS)


def test_who_never_confirmed_gets_another_code_and_is_let_in_with_it(client, waiting):
    sign_up(client)
    assert confirm(client).wsgi_request.user == waiting
    assert EmailAddress.objects.get().verified


def test_the_password_counts_that_was_chosen_by_who_confirmed(client, waiting):
    sign_up(client, SECOND)
    waiting.refresh_from_db()
    assert waiting.check_password(FIRST)
    confirm(client)
    waiting.refresh_from_db()
    assert waiting.check_password(SECOND)


def test_who_stops_after_the_code_leaves_no_password_of_somebody_else(client, waiting):
    client.post(reverse("account_signup_by_passkey"), {"email": ADDRESS})
    page = confirm(client)
    assert page.wsgi_request.user.is_anonymous
    waiting.refresh_from_db()
    assert not waiting.has_usable_password()


def test_without_a_password_that_of_somebody_else_opens_nothing(client, waiting):
    sign_up(client, "")
    confirm(client)
    waiting.refresh_from_db()
    assert not waiting.has_usable_password()


def test_somebody_else_who_signs_up_meanwhile_changes_nothing(client):
    sign_up(client, FIRST)
    code = CODE.search(mail.outbox[-1].body)[0]
    sign_up(Client(), SECOND)
    client.post(reverse("account_email_verification_sent"), {"code": code}, follow=True)
    assert User.objects.get(email=ADDRESS).check_password(FIRST)


def test_a_guest_who_never_confirmed_becomes_an_account(client):
    guest_for(ADDRESS)
    sign_up(client, SECOND)
    confirm(client)
    person = User.objects.get(email=ADDRESS)
    assert not person.is_guest
    assert person.check_password(SECOND)


def test_every_address_gets_the_same_answer(waiting):
    known = UserFactory(email="known@example.org")
    EmailAddress.objects.create(user=known, email=known.email, verified=True, primary=True)
    pages = {
        address: shown(sign_up(Client(), SECOND, address))
        for address in ("known@example.org", ADDRESS, "new@example.org")
    }
    answers = {(str(chain), text.replace(address, "…")) for address, (chain, text) in pages.items()}
    assert len(answers) == 1


def test_a_confirmed_address_gets_a_mail_without_a_code_and_keeps_its_password(client, waiting):
    EmailAddress.objects.update(verified=True)
    sign_up(client, SECOND)
    assert not CODE.search(mail.outbox[-1].body)
    waiting.refresh_from_db()
    assert waiting.check_password(FIRST)


def test_staff_who_came_in_another_way_is_no_sign_up_that_waits(client, django_user_model):
    staff = UserFactory(email=ADDRESS, is_staff=True)
    client.force_login(staff)
    client.logout()
    sign_up(client, SECOND)
    assert not CODE.search(mail.outbox[-1].body)


def test_who_asks_again_too_soon_is_told_to_wait_on_a_page_of_the_site(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    sign_up(client)
    page = sign_up(Client())
    assert page.status_code == 429
    assert 'id="main"' in page.content.decode()
    assert "Wait a few minutes" in page.content.decode()
