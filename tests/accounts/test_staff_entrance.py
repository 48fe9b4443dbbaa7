"""Staff pages are entered through the site's own log-in and a second factor."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse

from tests.factories import HostRoleFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"
PAGES = ("/workspace/", "/operations/")


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR_FOR_STAFF = True


@pytest.fixture
def staff(host):
    person = UserFactory(email="staff@example.org", is_staff=True, is_superuser=True)
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return HostRoleFactory(host=host, role="owner", user=person).user


def log_in(client, person):
    form = {"login": person.email, "password": PASSWORD}
    return client.post(reverse("account_login"), form)


@pytest.mark.parametrize("page", PAGES)
def test_a_password_alone_leads_to_the_set_up_of_a_second_factor(client, staff, page):
    log_in(client, staff)
    answer = client.get(page, follow=True)
    assert answer.redirect_chain == [(reverse("mfa_index"), 302)]
    assert "Staff pages need a second factor" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_with_a_code_of_the_second_factor_they_open(client, staff, page):
    secret = generate_totp_secret()
    TOTP.activate(staff, secret)
    asked = log_in(client, staff)
    assert asked.url.startswith(reverse("mfa_authenticate"))
    assert client.get(page).status_code == 302, "the log-in is not over yet"
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get(page).status_code == 200


def test_the_form_that_knows_no_second_factor_is_not_served(client, staff):
    TOTP.activate(staff, generate_totp_secret())
    form = {"username": staff.email, "password": PASSWORD}
    answer = client.post("/operations/login/?next=/operations/", form)
    assert answer.url == f"{reverse('account_login')}?next=/operations/"
    assert "sessionid" not in client.cookies


def test_somebody_logged_in_who_is_not_staff_is_refused_without_a_loop(client, participant):
    TOTP.activate(participant, generate_totp_secret())
    client.force_login(participant)
    assert client.get("/operations/", follow=True).status_code == 403
