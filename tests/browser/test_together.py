"""Drafting together in a real browser: readable by everybody, and nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Membership
from apps.submissions.models import DraftComment, JointParty, Submission
from apps.submissions.services import ask_for_sign_off, invite, submit
from tests.browser.going import go
from tests.submissions.joint_cast import ally, drafted, person_of, signed

pytestmark = pytest.mark.django_db(transaction=True)
RESPOND = "/consultations/open-consultation/respond/"
LONG = "W" * 180


@pytest.fixture
def draft(open_consultation, forum, member):
    return drafted(open_consultation, forum, member)


def session_of(person):
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def test_a_comment_is_left_while_typing_and_nothing_is_lost(
    visit, violations, is_too_wide, draft, drafter
):
    address = f"{RESPOND}?for=citizens-forum&step=question%3Awhy"
    page = visit(address, session=session_of(drafter), width=360)
    page.locator("[name='answer-why.text']").fill("Words typed a moment ago.")
    page.get_by_label("Comment on this step").fill(f"Is it so? {LONG}")
    go(page.get_by_role("button", name="Save and comment"))
    assert page.locator("[name='answer-why.text']").input_value() == "Words typed a moment ago."
    assert "Is it so?" in page.locator("#comments + *").locator("xpath=..").inner_text()
    found = {"step": violations(page), "wide": is_too_wide(page, 320)}
    go(page.get_by_role("button", name="Resolve"))
    found["resolved"] = violations(page)
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert DraftComment.objects.get().resolved_by == drafter
    assert (page.complaints, page.strangers) == ([], [])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_can_be_used_and_read_by_everybody(
    visit, violations, is_too_wide, draft, forum, member, language
):
    signatory = person_of(forum, Membership.Role.SIGNATORY)
    union, unionist = ally(f"United {LONG}", group="union")
    _lab, researcher = ally("Safety Lab", group="research")
    party = signed(invite(draft, union, by=member), unionist, f"Not {LONG}", ["article-3"])
    other = invite(draft, _lab, by=member)
    ask_for_sign_off(draft, by=member)
    DraftComment.objects.create(draft=draft, author=member, text=LONG)
    pages = [
        (member, f"{RESPOND}check/?for=citizens-forum"),
        (signatory, f"{RESPOND}check/?for=citizens-forum"),
        (member, f"{reverse('submissions:joint', args=[draft.pk])}?q=lab"),
        (researcher, f"{RESPOND}start/"),
        (researcher, reverse("submissions:invitation", args=[other.pk])),
        (unionist, reverse("submissions:invitations")),
        (signatory, reverse("accounts:members", args=[forum.slug])),
    ]
    found = read(visit, violations, is_too_wide, pages, language)
    submit(draft, by=member)
    submission = Submission.objects.get()
    assert JointParty.objects.joined().get() == party
    pages = [
        (unionist, submission.get_absolute_url()),
        (unionist, reverse("submissions:invitation", args=[party.pk])),
        (unionist, reverse("submissions:organisation", args=[union.slug])),
        (member, f"{RESPOND}filed/{submission.reference}/"),
    ]
    found |= read(visit, violations, is_too_wide, pages, language)
    assert {name: lines for name, lines in found.items() if lines} == {}


def read(visit, violations, is_too_wide, pages, language):
    """What axe and a narrow window find wrong with each page."""
    found = {}
    for person, address in pages:
        page = visit("/about/how/", session=session_of(person), width=360)
        root = page.url.removesuffix("/about/how/")
        page.context.add_cookies([{"name": "django_language", "value": language, "url": root}])
        page.goto(root + address)
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        found[address] = violations(page)
        found[f"{address}, wide"] = is_too_wide(page, 320)
        assert page.complaints == [], address
    return found
