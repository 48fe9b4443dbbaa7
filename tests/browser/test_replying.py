"""Replies in a real browser: without script, on small screens, in both appearances."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.submissions.models import Reply, Submission
from tests.browser.going import go
from tests.submissions.reply_cast import thread_of_many

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pages(target):
    thread_of_many(target, 30)
    slug = target.consultation.slug
    one = Reply.objects.first()
    listed = reverse("submissions:replies", args=[slug])
    return [
        target.get_absolute_url(),
        one.submission.get_absolute_url(),
        listed,
        f"{listed}?submission={target.reference}&part=point:1",
        target.consultation.get_absolute_url(),
    ]


@pytest.fixture
def session(client, participant):
    client.force_login(participant)
    return client.cookies["sessionid"].value


@pytest.fixture
def form(target):
    address = reverse("submissions:reply", args=[target.consultation.slug])
    return f"{address}?to={target.reference}&part=point:1"


def test_no_page_with_replies_has_a_violation_or_scrolls_sideways(
    visit, violations, is_too_wide, pages, form, session
):
    for address in (*pages, form):
        page = visit(address, session=session)
        assert page.answer.status == 200
        assert violations(page) == [], address
        assert page.complaints == page.strangers == []
        for direction in ("ltr", "rtl"):
            page.evaluate(f"document.documentElement.dir = '{direction}'")
            assert not is_too_wide(page, 320), (address, direction)


def test_a_reply_is_written_and_filed_without_script(visit, target, form, session):
    page = visit(target.get_absolute_url(), script=False, session=session)
    go(page.get_by_role("link", name="Reply").last)
    page.get_by_label("Stakeholder group").select_option("research")
    page.get_by_label("Rebuttal").check()
    page.get_by_label("Your reply").fill("It is not too long.")
    go(page.get_by_role("button", name="Check your replies"))
    go(page.get_by_role("button", name="Submit replies"))
    go(page.get_by_role("link", name="See your response as the public sees it"))
    expect(page.get_by_text("It is not too long.").first).to_be_visible()
    assert Submission.objects.get(is_reply=True).is_submitted


def test_a_reply_is_saved_while_it_is_typed(visit, target, form, session):
    page = visit(form, session=session)
    page.get_by_label("Stakeholder group").select_option("research")
    page.get_by_label("Your reply").fill("It is not too long.")
    page.locator("#saved", has_text="Saved").wait_for()
    assert Reply.objects.get().text == "It is not too long."
