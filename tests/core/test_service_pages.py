"""Pages about the service, the choice of appearance, and pages for what is not there."""

import re

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def choose(client, appearance, back="/about/how/"):
    return client.post(reverse("core:appearance"), {"appearance": appearance, "next": back})


@pytest.mark.parametrize("name", ["how", "method", "accessibility", "privacy"])
def test_pages_about_the_service_are_there(client, name):
    assert client.get(reverse("core:page", args=[name])).status_code == 200


def test_no_other_page_about_the_service_is_there(client):
    assert client.get(reverse("core:page", args=["secrets"])).status_code == 404


def test_a_chosen_appearance_is_kept_and_leads_back(client):
    answer = choose(client, "dark")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/about/how/")
    assert 'data-theme="dark"' in client.get("/about/how/").text


def test_automatic_appearance_leaves_it_to_the_browser(client):
    choose(client, "dark")
    choose(client, "auto")
    assert "data-theme" not in client.get("/about/how/").text


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org", "javascript:alert(1)", "/\\example.org", ""]
)
def test_choosing_an_appearance_never_leads_to_another_site(client, back):
    assert choose(client, "dark", back).headers["Location"] == "/"


def test_an_unknown_appearance_changes_nothing(client):
    assert "appearance" not in choose(client, "neon").cookies
    client.cookies["appearance"] = '"><script>'
    assert "<script>" not in client.get("/about/how/").text


def test_choosing_an_appearance_needs_the_form_of_this_site():
    answer = Client(enforce_csrf_checks=True).post(reverse("core:appearance"))
    assert answer.status_code == 403
    assert "This form was open too long" in answer.text


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/", "Consultations"),
        ("/consultations/open-consultation/briefings/", "Consultations"),
        ("/consultations/open-consultation/respond/", "Consultations"),
        ("/receipts/", "Check a receipt"),
        ("/about/privacy/", "About"),
        ("/workspace/", "Workspace"),
        ("/accounts/2fa/", "Account"),
    ],
)
def test_the_header_says_where_one_is(client, open_consultation, owner, address, place):
    client.force_login(owner)
    header = client.get(address).text.partition("</header>")[0]
    assert re.findall(r'aria-current="\w+">([^<]+)<', header) == [place]


def test_an_address_without_a_page_says_what_to_do(client):
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert "This page is not here" in answer.text


def test_every_page_refuses_inline_script_and_style(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert "default-src 'self'" in policy


def test_the_workspace_is_offered_to_staff_only(client, participant, owner):
    address = reverse("consultations:workspace")
    client.force_login(participant)
    assert f'href="{address}"' not in client.get("/").text
    client.force_login(owner)
    assert f'href="{address}"' in client.get("/").text
