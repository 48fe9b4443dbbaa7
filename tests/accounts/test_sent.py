"""What is sent in a session that is over waits until its author is back, and is sent on a click."""

import re
from html import unescape

import pytest
from django.urls import reverse

from apps.accounts.models import Organisation

pytestmark = pytest.mark.django_db
NEW = reverse("accounts:organisation-new")
TYPED = {
    "name": 'Lakeview "Forum" & friends',
    "group": "civil",
    "country": "KE",
    "website": "https://lakeview.example.org/",
}


@pytest.fixture
def sent_in_vain(client, participant):
    """The page that a person sees who logs in after pressing the button."""
    answer = client.post(NEW, TYPED)
    assert answer.url == f"{reverse('account_login')}?next={reverse('accounts:sent')}"
    client.force_login(participant)
    return client.get(reverse("accounts:sent")).text


def hidden(page):
    form = page.partition(f'action="{NEW}"')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_all_fields_wait_and_go_where_they_were_going(client, sent_in_vain):
    assert f'action="{NEW}"' in sent_in_vain
    assert "Lakeview &quot;Forum&quot; &amp; friends" in sent_in_vain
    assert hidden(sent_in_vain) == TYPED
    assert not Organisation.objects.exists(), "nothing is done before the click"
    client.post(NEW, hidden(sent_in_vain))
    assert Organisation.objects.get().name == TYPED["name"]
    assert client.get(reverse("accounts:sent")).status_code == 302, "it waits no longer"


def test_an_address_for_sending_only_is_never_opened_after_log_in(client, open_consultation):
    address = reverse("submissions:revise", args=[open_consultation.slug, "PL-0000-0000-0000"])
    assert client.post(address).url.endswith(reverse("accounts:sent"))


def test_a_password_is_kept_nowhere(client):
    address = reverse("account_change_password")
    typed = {"oldpassword": "a long pass phrase", "password1": "another one", "password2": "x"}
    answer = client.post(address, typed)
    assert answer.url == f"{reverse('account_login')}?next={address}"
    assert dict(client.session.items()) == {}


def test_files_are_named_as_lost(client, participant, tmp_path):
    (tmp_path / "a.txt").write_text("Words.")
    with (tmp_path / "a.txt").open("rb") as file:
        client.post(NEW, TYPED | {"file": file})
    client.force_login(participant)
    page = client.get(reverse("accounts:sent")).text
    assert "could not be kept" in page


def test_what_waits_is_nobody_elses(client, participant, rival, sent_in_vain):
    client.logout()
    client.force_login(rival)
    assert client.get(reverse("accounts:sent")).status_code == 302


def test_a_reader_who_opens_a_page_is_only_asked_to_log_in(client):
    assert client.get(NEW).url == f"{reverse('account_login')}?next={NEW}"


def test_an_address_that_was_typed_is_shown_before_it_is_sent(client, participant):
    address = reverse("account_email")
    client.post(address, {"email": "second-address@example.org", "action_add": ""})
    client.force_login(participant)
    page = client.get(reverse("accounts:sent")).text
    assert '<p class="filed" dir="auto">second-address@example.org</p>' in page
