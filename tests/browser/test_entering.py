"""An account is made and entered with a code by e-mail, or with a passkey, in a real browser."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import expect

from apps.accounts.models import User
from tests.browser.going import go

pytestmark = pytest.mark.django_db(transaction=True)
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def _calm():
    cache.clear()


def code_of_mail():
    return re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", mail.outbox[-1].body, re.MULTILINE)[1]


def type_code(page):
    page.locator("[name=code]").fill(code_of_mail())
    go(page.get_by_role("button", name="Confirm"))


@pytest.mark.parametrize("script", [True, False])
def test_an_address_and_a_code_are_enough(visit, violations, live_server, script):
    page = visit("/accounts/signup/", script=script, width=360)
    if script:
        assert violations(page) == []
    page.get_by_label("E-mail address").fill("ama@example.org")
    go(page.get_by_role("button", name="Create account"))
    if script:
        assert violations(page) == []
    type_code(page)
    person = User.objects.get()
    assert not person.has_usable_password()
    assert person.emailaddress_set.get().verified
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/accounts/login/code/")
    page.get_by_label("E-mail address").fill("ama@example.org")
    go(page.locator("main").get_by_role("button").first)
    type_code(page)
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_visible()


def test_a_passkey_makes_the_account_and_opens_it_again(visit, violations, db):
    page = visit("/accounts/signup/")
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    go(page.get_by_role("link", name="Create an account with a passkey"))
    assert violations(page) == []
    page.get_by_label("E-mail address").fill("kofi@example.org")
    go(page.get_by_role("button", name="Go on"))
    type_code(page)
    assert violations(page) == []
    page.get_by_label("Name").fill("Phone")
    go(page.get_by_role("button", name="Make the passkey"))
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_visible()
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    assert key.user.email == "kofi@example.org"
    page.context.clear_cookies()
    page.reload()
    go(page.get_by_role("link", name="Log in").first)
    go(page.get_by_role("button", name="Log in with a passkey"))
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_visible()
    assert page.complaints == []
