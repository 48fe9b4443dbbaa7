"""Responding in a real browser: with the keyboard, without script, after closing."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from apps.consultations.models import Phase
from apps.submissions.models import Submission
from tests.browser.going import go

pytestmark = pytest.mark.django_db(transaction=True)

RESPOND = "/consultations/open-consultation/respond/"
WIDTHS = (320, 360, 768, 1280)
SAVED = r"^Saved \d\d:\d\d UTC\s*$"
ROOM_BELOW_FOCUS = """
    parseFloat(getComputedStyle(document.documentElement).scrollPaddingBlockEnd)
    - saved.getBoundingClientRect().height
"""
HOSTILE = "\u202eevil\u202c <b>" + "W" * 300


@pytest.fixture
def session(client, participant):
    client.force_login(participant)
    return client.cookies["sessionid"].value


@pytest.fixture
def form(visit, session, open_consultation):
    """The empty form in a browser without script."""
    return visit(RESPOND, script=False, session=session)


def fill(page):
    page.get_by_label("Stakeholder group").select_option("civil")
    go(page.get_by_role("button", name="Show the questions for this choice"))
    page.locator("[name='answer-why.text']").fill("Because nobody pauses alone.")
    page.locator("[name='answer-which.choices'][value=b]").check()
    page.locator("[name='answer-much.scale'][value='4']").check()
    go(page.get_by_role("button", name="Add a point"))
    page.get_by_label("Provision").select_option("article-2")
    page.locator("[name=point-0-stance][value=oppose]").check()
    page.locator("#point-0-reason").fill("The trigger is too late.")
    page.get_by_label("Address of source 1").fill("https://example.org/study")


def test_a_response_is_filed_without_script(form, violations):
    fill(form)
    go(form.get_by_role("button", name="Check your answers"))
    assert "The trigger is too late." in form.locator("main").inner_text()
    go(form.get_by_role("button", name="Submit response"))
    submission = Submission.objects.get()
    assert submission.is_submitted
    assert submission.reference in form.locator("main").inner_text()
    assert submission.answers.get(question__key="much").scale == 4
    assert submission.points.get().evidence.get().url == "https://example.org/study"
    with form.expect_download() as download:
        form.get_by_role("link", name="Download your receipt").click()
    assert download.value.suggested_filename == f"{submission.reference}.json"


def test_points_are_added_and_removed_without_script(form):
    fill(form)
    go(form.get_by_role("button", name="Add another point"))
    assert form.url.endswith("#point-1")
    form.locator("#point-1-reason").fill("Second.")
    go(form.get_by_role("button", name="Remove point 1"))
    assert form.locator("#point-0-reason").input_value() == "Second."
    assert form.locator("[name='answer-why.text']").input_value() == "Because nobody pauses alone."


def test_enter_in_a_line_saves_and_removes_nothing(form):
    fill(form)
    go(form.get_by_label("Title of source 1"), by="press", key="Enter")
    assert form.get_by_role("status").first.inner_text().startswith("Saved as a draft.")
    assert Submission.objects.get().points.count() == 1


def test_each_step_of_a_response_has_no_violation_or_complaint(visit, violations, session, form):
    found = {}
    page = visit(RESPOND, session=session)
    found["empty"] = violations(page)
    fill(page)
    page.get_by_label("Address of source 1").fill("nowhere")
    go(page.get_by_role("button", name="Check your answers"))
    assert page.evaluate("document.activeElement.id") == "errors"
    found["error"] = violations(page)
    page.get_by_role("link", name="Point 1: Give an address").click()
    assert page.evaluate("document.activeElement.id") == "point-0-evidence"
    page.get_by_label("Address of source 1").fill("https://example.org/study")
    go(page.get_by_role("button", name="Check your answers"))
    found["check"] = violations(page)
    go(page.get_by_role("button", name="Submit response"))
    found["filed"] = violations(page)
    go(page.get_by_role("link", name="See your response"))
    go(page.get_by_role("link", name="Withdraw it"))
    found["withdraw"] = violations(page)
    refused = [said for said in page.complaints if "status of 422" not in said]
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert (refused, page.strangers) == ([], [])


def test_no_step_scrolls_sideways_whatever_was_typed(visit, is_too_wide, session, form):
    page = visit(RESPOND, session=session)
    fill(page)
    page.locator("#point-0-reason").fill(HOSTILE)
    page.locator("[name='answer-why.text']").fill(HOSTILE)
    page.get_by_label("Address of source 1").fill("https://example.org/" + "long" * 100)
    wide = [("form", width) for width in WIDTHS if is_too_wide(page, width)]
    go(page.get_by_role("button", name="Check your answers"))
    assert "⟨U+202E⟩evil" in page.locator("main").inner_text()
    wide += [("check", width) for width in WIDTHS if is_too_wide(page, width)]
    go(page.get_by_role("button", name="Submit response"))
    wide += [("filed", width) for width in WIDTHS if is_too_wide(page, width)]
    assert wide == []


def test_what_is_typed_is_saved_by_itself_and_there_after_a_crash(visit, session, form, violations):
    page = visit(RESPOND, session=session)
    page.get_by_label("Stakeholder group").select_option("civil")
    page.locator("[name='answer-why.text']").press_sequentially("Because nobody pauses alone.")
    page.get_by_text(re.compile(SAVED)).wait_for(timeout=15_000)
    page.locator("[name='answer-why.text']").press_sequentially(" So we wait.")
    with page.expect_response(lambda answer: answer.url.endswith("/autosave/")):
        pass
    assert violations(page) == []
    assert page.complaints == []
    page.context.close()
    again = visit(RESPOND, session=session, script=False)
    words = again.locator("[name='answer-why.text']").input_value()
    assert words == "Because nobody pauses alone. So we wait."


def test_a_form_sent_after_closing_keeps_what_was_typed(form, open_phase, violations):
    fill(form)
    # Longer ago than the grace for what was begun before.
    open_phase.closes_at = timezone.now() - timedelta(minutes=11)
    open_phase.save()
    go(form.get_by_role("button", name="Check your answers"))
    assert "Nothing was filed" in form.get_by_role("alert").inner_text()
    assert form.locator("#point-0-reason").input_value() == "The trigger is too late."
    assert not Submission.objects.get().is_submitted


def test_after_an_expired_session_the_typed_text_is_there_again(form, participant):
    EmailAddress.objects.create(user=participant, email=participant.email, verified=True)
    fill(form)
    form.context.clear_cookies(name="sessionid")
    go(form.get_by_role("button", name="Save draft").last)
    assert "/accounts/login/" in form.url
    form.get_by_label("E-mail address").fill(participant.email)
    form.get_by_label("Password").fill("a long pass phrase")
    go(form.get_by_role("button", name="Log in", exact=True))
    assert form.locator("#point-0-reason").input_value() == "The trigger is too late."


def test_a_save_that_fails_says_why_and_is_made_up_for(visit, session, form, violations):
    page = visit(RESPOND, session=session)
    page.on("dialog", lambda dialog: dialog.accept())
    words = page.locator("[name='answer-why.text']")

    def said(text):
        told = page.locator("#saved").filter(has_text=re.compile(text))
        told.wait_for(timeout=15_000)
        return told.inner_text()

    page.get_by_label("Stakeholder group").select_option("civil")
    words.fill("Because nobody pauses alone.")
    said(SAVED)
    page.context.set_offline(True)
    words.press_sequentially(" So we wait.")
    assert re.search(r"Last saved: \d\d:\d\d UTC$", said("cannot be reached"))
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(ROOM_BELOW_FOCUS) >= 0, "the line covers no field that has the focus"
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate("getComputedStyle(saved).position") == "static"
    page.context.set_offline(False)
    said(SAVED)
    page.route("**/autosave/", lambda route: route.fulfill(status=500, body="No."))
    words.press_sequentially(" And wait.")
    assert re.search(r"Last saved: \d\d:\d\d UTC$", said("wrong on our side"))
    page.unroute("**/autosave/")
    words.press_sequentially(" Again.")
    said(SAVED)
    page.context.close()
    again = visit(RESPOND, session=session, script=False)
    words = again.locator("[name='answer-why.text']").input_value()
    assert words == "Because nobody pauses alone. So we wait. And wait. Again."


def test_the_browser_asks_before_what_the_server_refused_to_save_is_closed(
    visit, session, open_phase
):
    page = visit(RESPOND, session=session)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Stakeholder group").select_option("civil")
    page.locator("[name='answer-why.text']").press_sequentially("So we wait.")
    page.locator("#saved", has_text=re.compile(SAVED)).wait_for(timeout=15_000)
    page.reload()
    assert asked == []
    later = timezone.now() - timedelta(hours=1)
    Phase.objects.filter(pk=open_phase.pk).update(closes_at=later)
    page.locator("[name='answer-why.text']").press_sequentially(" And wait.")
    page.locator("#saved", has_text="Not saved").wait_for(timeout=15_000)
    page.reload()
    assert asked == ["beforeunload"]


def test_each_stop_of_the_keyboard_in_a_field_for_a_day_shows_where_it_is(
    visit, client, owner, open_consultation
):
    client.force_login(owner)
    address = "/workspace/open-consultation/responses/promise/"
    page = visit(address, session=client.cookies["sessionid"].value)
    page.locator("#due_on").focus()
    seen = []
    for _stop in range(5):
        here = page.evaluate(
            "[document.activeElement.id, getComputedStyle(document.activeElement).outlineStyle]"
        )
        seen.append(here)
        page.keyboard.press("Tab")
    assert [here for here in seen if here[1] != "solid"] == []
    assert [name for name, _style in seen].count("due_on") == 4


def test_after_a_log_in_in_another_tab_what_was_typed_is_sent_on_a_click(
    visit, session, form, participant, violations
):
    EmailAddress.objects.create(user=participant, email=participant.email, verified=True)
    page = visit(RESPOND, session=session)
    page.get_by_label("Stakeholder group").select_option("civil")
    page.context.clear_cookies(name="sessionid")
    tab = page.context.new_page()
    tab.goto(page.url.replace(RESPOND, "/accounts/login/"))
    tab.get_by_label("E-mail address").fill(participant.email)
    tab.get_by_label("Password").fill("a long pass phrase")
    go(tab.get_by_role("button", name="Log in", exact=True))
    page.locator("[name='answer-why.text']").fill("Because nobody pauses alone.")
    page.locator("#saved", has_text="in another tab").wait_for(timeout=15_000)
    go(page.get_by_role("button", name="Save draft").last)
    assert page.get_by_role("heading", level=1).inner_text() == "Not sent yet"
    assert "Because nobody pauses alone." in page.locator("main").inner_text()
    assert violations(page) == []
    go(page.get_by_role("button", name="Send it now"))
    assert page.get_by_text("Saved as a draft").is_visible()
    words = page.locator("[name='answer-why.text']").input_value()
    assert words == "Because nobody pauses alone."
