"""The way through a response, one step at a time, in a real browser."""

import pytest

from apps.submissions.models import Submission
from tests.browser.going import go

pytestmark = pytest.mark.django_db(transaction=True)
RESPOND = "/consultations/open-consultation/respond/"


@pytest.fixture
def session(client, participant, open_consultation):
    client.force_login(participant)
    return client.cookies["sessionid"].value


def go_on(page):
    go(page.get_by_role("button", name="Save and").first)


def test_every_step_can_be_used_and_read_by_everybody(visit, violations, is_too_wide, session):
    page = visit(RESPOND + "start/", session=session, width=360)
    found = {"start": violations(page), "start, wide": is_too_wide(page, 320)}
    go(page.get_by_role("link", name="Start, step by step"))
    found["capacity"] = violations(page)
    page.get_by_label("Stakeholder group").select_option("civil")
    go_on(page)
    found["choose"] = violations(page)
    page.locator("[name=concern][value^='provision:']").nth(1).check()
    page.locator("[name=concern][value='question:why']").check()
    go_on(page)
    text = page.locator("details .filed").inner_text()
    select = "() => document.getSelection().selectAllChildren(document.querySelector('.filed'))"
    page.evaluate(select)
    page.get_by_role("button", name="Use the words I selected").click()
    assert page.locator("#point-0-quote").input_value() == text
    page.locator("[name=point-0-stance][value=changes]").check()
    page.locator("#point-0-proposed_text").fill(f"{text} And it is public.")
    page.wait_for_selector(".compare ins")
    page.locator("#point-0-proposed_text").fill(f"{text} And it is open to all.")
    page.locator(".compare ins", has_text="open to all").wait_for()
    page.locator("#point-0-proposed_text").fill(f"{text} And it is public.")
    page.locator(".compare ins", has_text="public").wait_for()
    found["provision"] = violations(page)
    found["provision, wide"] = is_too_wide(page, 320)
    go_on(page)
    while not page.url.endswith("/check/"):
        if page.locator("[name='answer-why.text']:visible").count():
            page.locator("[name='answer-why.text']").fill("Because nobody pauses alone.")
            found["question"] = violations(page)
        if page.locator("#visibility").count():
            page.locator("[name=visibility][value=confidential]").check()
            page.get_by_label("Words to keep back 1").fill("pauses alone")
            go_on(page)
            found["seen, a reason missing"] = violations(page)
            found["seen, wide"] = is_too_wide(page, 320)
            page.locator("#redaction-0-reason").select_option("security")
        go_on(page)
    found["check"] = violations(page)
    found["check, wide"] = is_too_wide(page, 320)
    go(page.get_by_role("button", name="Submit response"))
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert Submission.objects.get().points.get().proposed_text.endswith("And it is public.")
    # The browser says of the step that lacked a reason what its status was.
    complaints = [one for one in page.complaints if "422" not in one]
    assert (complaints, page.strangers) == ([], [])


def test_words_selected_in_the_text_lead_to_a_point_on_them(visit, violations, session):
    page = visit("/consultations/open-consultation/documents/draft/", session=session, width=360)
    text = page.locator("[data-words-of] p").first
    assert not page.get_by_role("link", name="Comment on the words you selected").count()
    text.select_text()
    words = text.inner_text()
    offer = page.get_by_role("link", name="Comment on the words you selected")
    offer.wait_for()
    assert violations(page) == []
    go(offer)
    assert page.locator("[data-quote]").first.input_value() == words
    assert page.complaints == []
