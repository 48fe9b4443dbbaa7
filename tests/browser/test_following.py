"""Following in a browser: without script, on small screens, in both directions and themes."""

import re

import pytest
from playwright.sync_api import expect

from apps.notifications.models import Following
from apps.notifications.services import follow
from apps.notifications.unsubscribing import token_of
from tests.browser.going import go
from tests.browser.test_pages import HOSTILE, SLUG, WIDTHS, allowed
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
OVERVIEW = f"/consultations/{SLUG}/"


@pytest.fixture
def person(open_consultation):
    """A person who follows three things, one of them with a hostile name."""
    made = UserFactory(email="person@example.org")
    OrganisationFactory(name=HOSTILE[:150], slug="hostile")
    for kind, key in (
        ("consultation", SLUG),
        ("provision", f"{SLUG}/article-1"),
        ("organisation", "hostile"),
    ):
        follow(made, kind=kind, key=key, frequency="daily")
    return made


@pytest.fixture
def session(client, person):
    client.force_login(person)
    return client.cookies["sessionid"].value


def pages_of(person):
    unsubscribe = f"/following/unsubscribe/{token_of(person.pk, 'daily')}/"
    return {
        "list": "/following/",
        "new": f"/following/new/?kind=consultation&key={SLUG}",
        "unsubscribe": unsubscribe,
        "wrong link": "/following/unsubscribe/x/",
        "overview": OVERVIEW,
        "document": f"{OVERVIEW}documents/draft/",
        "organisation": "/organisations/hostile/",
    }


def test_no_page_has_a_violation_or_a_complaint_or_scrolls_sideways(
    visit, violations, is_too_wide, person, session
):
    found = {}
    for name, address in pages_of(person).items():
        page = visit(address, session=session)
        problems = violations(page) + allowed(page.complaints) + page.strangers
        for direction in ("ltr", "rtl"):
            page.evaluate(f"document.documentElement.dir = '{direction}'")
            problems += [f"{direction} {w}" for w in WIDTHS if is_too_wide(page, w)]
        if problems:
            found[name] = problems
    assert found == {}


def test_a_consultation_is_followed_changed_and_stopped_without_script(visit, person, session):
    page = visit(OVERVIEW, session=session, script=False)
    page.get_by_label("You follow this").select_option("weekly")
    go(page.get_by_role("button", name="Save"))
    expect(page).to_have_url(re.compile(f"{OVERVIEW}$"))
    assert page.get_by_label("You follow this").input_value() == "weekly"
    go(page.get_by_role("link", name="What I follow"))
    go(page.get_by_role("button", name="Stop following").first)
    expect(page.locator(".entries li")).to_have_count(2)
    assert Following.objects.count() == 2


def test_the_link_of_a_mail_stops_with_a_button_and_without_log_in(visit, person):
    page = visit(pages_of(person)["unsubscribe"], script=False)
    assert Following.objects.filter(frequency="daily").count() == 3
    go(page.get_by_role("button", name="Stop all of these mails"))
    assert page.get_by_role("heading", level=1).inner_text() == "These mails have stopped"
    assert not Following.objects.exclude(frequency="off").exists()
