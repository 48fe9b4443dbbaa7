"""The main pages in a real browser: axe in both appearances, no sideways scroll, a strict CSP."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.accounts.models import Membership
from apps.submissions.inputs import AnswerInput, DraftInput, EvidenceInput, PointInput
from apps.submissions.models import Submission
from apps.submissions.services import file_submission
from tests.browser.going import go
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PhaseFactory,
    SubmissionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = '<script>document.title="owned"</script> \u202eevil\u202c ' + "W" * 300
ARABIC = "\u0627\u0644\u0628\u0631\u0648\u062a\u0648\u0643\u0648\u0644"
SLUG = "open-consultation"
PAGES = {
    "list": "/",
    "search without result": "/?q=zeppelin",
    "overview": f"/consultations/{SLUG}/",
    "document": f"/consultations/{SLUG}/documents/draft/",
    "submissions": f"/consultations/{SLUG}/submissions/",
    "filtered": f"/consultations/{SLUG}/submissions/?group=civil&question=why&q=threshold",
    "withdrawn": f"/consultations/{SLUG}/submissions/GONE-1/",
    "hostile": f"/consultations/{SLUG}/submissions/HOSTILE-1/",
    "empty": "/consultations/closed-consultation/submissions/",
    "log in": "/accounts/login/",
    "sign up": "/accounts/signup/",
    "forgotten password": "/accounts/password/reset/",
    "respond with an address": "/with-an-address/?next=/",
    "log in by code": "/accounts/login/code/",
    "confirm the address": "/accounts/confirm-email/",
    "how": "/about/how/",
    "method": "/about/method/",
    "accessibility": "/about/accessibility/",
    "privacy": "/about/privacy/",
    "receipt": "/receipts/",
    "nothing": "/nothing/",
    "damaged link": "/?after=x",
}
WIDTHS = (320, 360, 768, 1280)
OWN_PAGES = {
    "addresses": "/accounts/email/",
    "password": "/accounts/password/change/",
    "second factor": "/accounts/2fa/",
    "authenticator": "/accounts/2fa/totp/activate/",
    "passkeys": "/accounts/2fa/webauthn/",
    "new passkey": "/accounts/2fa/webauthn/add/",
    "reauthenticate": "/accounts/reauthenticate/",
    "my responses": "/my-responses/",
    "what is followed": "/following/",
    "access tokens": "/tokens/",
    "deleting the account": "/my-account/delete/",
    "log out": "/accounts/logout/",
}


@pytest.fixture
def site(open_consultation, closed_consultation):
    """An open consultation with submissions of every group, some of them hostile."""
    texts = ["The threshold is too high.\n\nSecond paragraph.", HOSTILE, ARABIC * 3]
    groups = ("policymaker", "civil", "company", "association", "research", "union", "other")
    stances = ("support", "changes", "neutral", "oppose", "cannot")
    for number, group in enumerate(groups):
        organisation = OrganisationFactory(group=group, name=f"{HOSTILE[:120]} {number}")
        member = MembershipFactory(organisation=organisation, role=Membership.Role.SUBMITTER)
        file_submission(
            open_consultation,
            DraftInput(
                answers=[
                    AnswerInput("why", text=texts[number % 3]),
                    AnswerInput("which", choices=["a", "b"]),
                    AnswerInput("much", scale=4),
                    AnswerInput("position", stance=stances[number % 5]),
                ],
                points=[
                    PointInput(
                        f"article-{1 + number % 3}",
                        stance=stances[number % 5],
                        ask="amend",
                        reason=texts[(number + 1) % 3],
                        proposed_text="[24] hours",
                        evidence=[EvidenceInput("https://example.org/study", "A study")],
                    )
                ],
                group=group,
            ),
            by=member.user,
            organisation=organisation,
        )
    first = Submission.objects.filter(group="civil").get()
    Submission.objects.filter(pk=first.pk).update(reference="HOSTILE-1")
    SubmissionFactory(consultation=open_consultation, reference="GONE-1", is_withdrawn=True)
    PhaseFactory(consultation__title=HOSTILE[:290], consultation__summary=HOSTILE, is_to_come=True)


@pytest.fixture
def session(client):
    person = UserFactory(email="person@example.org")
    client.force_login(person)
    return client.cookies["sessionid"].value


def allowed(complaints):
    """Leave out what Chromium says about a page that answered 4xx, as it should."""
    return [said for said in complaints if "the server responded with a status of 4" not in said]


def test_axe_sees_what_is_wrong(visit, violations, site):
    page = visit("/about/how/")
    page.evaluate(
        "document.querySelector('main').innerHTML = '<img src=\"/favicon.svg\"><h4></h4>'"
    )
    assert any("image-alt" in line for line in violations(page, ["light"]))


def test_no_page_has_a_violation_or_a_complaint(visit, violations, site):
    found = {}
    for name, address in PAGES.items():
        page = visit(address)
        problems = violations(page) + allowed(page.complaints) + page.strangers
        if problems or "owned" in page.title():
            found[name] = problems
    assert found == {}


def test_no_page_of_the_account_has_a_violation_or_a_complaint(visit, violations, session):
    found = {}
    for name, address in OWN_PAGES.items():
        page = visit(address, session=session)
        assert page.answer.ok, name
        assert page.locator(".site-footer").count() == 1, name
        if problems := violations(page) + allowed(page.complaints) + page.strangers:
            found[name] = problems
    assert found == {}


def test_no_page_scrolls_sideways_in_either_direction_of_writing(visit, is_too_wide, site):
    wide = []
    for name, address in PAGES.items():
        page = visit(address)
        for direction in ("ltr", "rtl"):
            page.evaluate(f"document.documentElement.dir = '{direction}'")
            wide += [(name, direction, width) for width in WIDTHS if is_too_wide(page, width)]
    assert wide == []


def test_the_first_key_offers_to_skip_to_the_content(visit, site):
    page = visit(f"/consultations/{SLUG}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_chosen_appearance_wins_over_the_device_and_needs_no_script(visit, site):
    page = visit(f"/consultations/{SLUG}/submissions/?group=civil", script=False)
    go(page.get_by_role("button", name="Dark"))
    expect(page).to_have_url(re.compile("[?]group=civil$"))
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_submissions_are_filtered_and_read_without_script(visit, site):
    page = visit(f"/consultations/{SLUG}/submissions/", script=False)
    page.get_by_role("checkbox", name="Civil society").check()
    go(page.get_by_role("button", name="Apply filters"))
    expect(page).to_have_url(re.compile("group=civil"))
    go(page.locator(".entries h3 a").first)
    expect(page).to_have_url(re.compile("HOSTILE-1"))
    assert "⟨U+202E⟩evil" in page.locator("main").inner_text()


def test_a_mistake_at_log_in_is_said_in_words_and_linked_to_its_field(visit, violations, site):
    page = visit("/accounts/login/")
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_label("Password").fill("wrong wrong wrong")
    go(page.get_by_role("button", name="Log in", exact=True))
    page.get_by_role("alert").wait_for()
    assert page.get_by_role("alert").count() == 1
    assert violations(page) == []


def test_a_person_finds_log_in_from_any_page(visit, site):
    page = visit("/")
    go(page.get_by_role("link", name="Log in"))
    expect(page).to_have_url(re.compile(reverse("account_login")))
