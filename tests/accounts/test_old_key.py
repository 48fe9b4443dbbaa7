"""A form whose key is old, as after a log-in in another tab, comes back with what was typed."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Organisation

pytestmark = pytest.mark.django_db
NEW = reverse("accounts:organisation-new")
HERE = "http://testserver"
TYPED = {"name": 'Lakeview "Forum" & friends', "group": "civil", "country": "KE"}


@pytest.fixture
def browser(participant):
    """A browser with a form open from before the log-in that it has just done in another tab."""
    browser = Client(enforce_csrf_checks=True)
    browser.get(reverse("account_login"))
    browser.old_key = browser.cookies["csrftoken"].value[::-1]
    browser.force_login(participant)
    return browser


def send(browser, address=NEW, origin=HERE, typed=TYPED, **headers):
    fields = typed | {"csrfmiddlewaretoken": browser.old_key}
    headers |= {"Origin": origin} if origin else {}
    return browser.post(address, fields, headers=headers)


def form_of(page):
    form = page.partition(f'action="{NEW}"')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def test_what_was_typed_is_shown_and_one_click_sends_it(browser, participant):
    answer = send(browser)
    assert answer.status_code == 403
    assert "Lakeview &quot;Forum&quot; &amp; friends" in answer.text
    assert participant.email in answer.text, "it says in whose name it would be sent"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert not Organisation.objects.exists(), "nothing is done before the click"
    again = form_of(answer.text)
    assert again.items() >= TYPED.items()
    assert browser.post(NEW, again, headers={"Origin": HERE}).status_code == 302
    assert Organisation.objects.get().name == TYPED["name"]


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "http://testserver:8000", "https://testserver", "null", ""],
)
def test_a_form_of_another_site_is_never_offered_to_be_sent(browser, origin):
    answer = send(browser, origin=origin, Referer=f"{HERE}/")
    assert answer.status_code == 403
    assert "Lakeview" not in answer.text
    assert f'action="{NEW}"' not in answer.text


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        (reverse("account_login"), {"login": "somebody", "password": "a long pass phrase"}),
        (reverse("mfa_authenticate"), {"code": "123456", "words": "a long pass phrase"}),
        (reverse("account_login"), {"words": "a long pass phrase"}),
        (NEW, {"new_password1": "a long pass phrase"}),
        ("/operations/login/", {"words": "a long pass phrase"}),
    ],
)
def test_no_password_and_no_code_comes_back(browser, address, typed):
    answer = send(browser, address, typed=typed)
    assert answer.status_code == 403
    assert "a long pass phrase" not in answer.text
    assert "123456" not in answer.text


def test_a_form_that_saves_itself_gets_a_short_answer(browser):
    answer = send(browser, **{"HX-Request": "true"})
    assert answer.status_code == 403
    assert "Lakeview" not in answer.text


def test_files_are_named_as_lost(browser, tmp_path):
    (tmp_path / "a.txt").write_text("Words.")
    with (tmp_path / "a.txt").open("rb") as file:
        answer = send(browser, typed=TYPED | {"file": file})
    assert "could not be kept" in answer.text


def test_keys_and_states_of_a_form_are_sent_but_not_shown_as_typed(browser):
    page = send(browser, typed=TYPED | {"began": '{"answer": "0011223344"}'}).text
    assert form_of(page)["began"] == '{"answer": "0011223344"}'
    assert page.count("0011223344") == 1


def test_who_is_logged_out_is_asked_to_log_in_and_what_was_typed_waits(browser, participant):
    browser.logout()
    page = send(browser).text
    browser.get(reverse("account_login"))
    again = form_of(page) | {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    assert browser.post(NEW, again).url.endswith(reverse("accounts:sent"))
    browser.force_login(participant)
    assert "Lakeview" in browser.get(reverse("accounts:sent")).text


def test_what_waits_from_a_session_that_was_over_is_not_dropped_by_a_refusal(browser, participant):
    browser.logout()
    browser.get(reverse("account_login"))
    key = browser.cookies["csrftoken"].value
    browser.post(NEW, TYPED | {"csrfmiddlewaretoken": key})
    browser.force_login(participant)
    send(browser, typed={"name": "Another one"})
    assert "Lakeview" in browser.get(reverse("accounts:sent")).text


@pytest.mark.parametrize(("language", "direction"), [("fr", "ltr"), ("ar", "rtl")])
def test_the_refusal_names_its_language(browser, language, direction):
    answer = send(browser, origin="null", **{"Accept-Language": language})
    assert f'<html lang="{language}" dir="{direction}"' in answer.text
