"""A colleague without an account is offered a role by mail, and takes it with the link."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.errors import AnotherAddress, InvitationOver
from apps.accounts.models import Letter
from apps.consultations.models import RoleOffer
from apps.consultations.services import accept_offer, appoint, offer_of
from apps.core.errors import NotAllowed
from tests.factories import HostRoleFactory, UserFactory

pytestmark = pytest.mark.django_db


def token_of_newest_mail():
    return re.search(r"/invitations/([^/]+)/", Letter.objects.latest("pk").context["link"])[1]


@pytest.fixture
def offered(host, owner):
    appoint(host, email="New@Example.org", role="editor", by=owner)
    return token_of_newest_mail()


def test_the_form_sends_an_invitation_to_whoever_has_no_account(client, host, owner):
    client.force_login(owner)
    address = reverse("consultations:staff", args=[host.slug])
    page = client.post(address, {"email": "new@example.org", "role": "editor"}, follow=True)
    assert "we sent an invitation" in page.content.decode()
    assert "new@example.org" in page.content.decode()
    assert not host.roles.filter(role="editor").exists()
    assert Letter.objects.latest("pk").address == "new@example.org"


def test_a_guest_is_no_colleague_yet(host, owner):
    UserFactory(email="guest@example.org", is_guest=True)
    assert isinstance(appoint(host, email="guest@example.org", role="dpo", by=owner), RoleOffer)


def test_whoever_made_an_account_takes_the_role_with_the_link(client, host, offered):
    address = reverse("consultations:offer", args=[offered])
    assert "Editor" in client.get(address).content.decode()
    answer = client.post(address, {"then": "accept"})
    assert answer.url.startswith("/accounts/login/")
    client.force_login(UserFactory(email="new@example.org"))
    assert client.post(address, {"then": "accept"}).url == reverse("consultations:workspace")
    assert host.roles.get(role="editor").user.email == "new@example.org"
    assert client.get(address).status_code == 410


def test_nobody_else_takes_it(offered, participant, host):
    with pytest.raises(AnotherAddress):
        accept_offer(offered, by=participant)
    assert not host.roles.filter(user=participant).exists()


def test_declined_or_old_it_opens_nothing(client, offered, host):
    RoleOffer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InvitationOver):
        offer_of(offered)
    RoleOffer.objects.update(expires_at=timezone.now() + timedelta(days=1))
    client.post(reverse("consultations:offer", args=[offered]), {"then": "decline"})
    with pytest.raises(InvitationOver):
        offer_of(offered)


def test_a_second_offer_replaces_the_first(offered, host, owner):
    appoint(host, email="new@example.org", role="editor", by=owner)
    with pytest.raises(InvitationOver):
        offer_of(offered)
    assert offer_of(token_of_newest_mail()).role == "editor"
    assert host.offers.count() == 1


def test_an_owner_takes_an_offer_back_and_an_editor_does_not(client, offered, host, owner):
    offer = host.offers.get()
    address = reverse("consultations:offer-withdrawn", args=[host.slug, offer.pk])
    client.force_login(HostRoleFactory(host=host, role="editor").user)
    assert client.post(address).status_code == NotAllowed.status
    assert host.offers.exists()
    client.force_login(owner)
    assert client.post(address).status_code == 302
    assert not host.offers.exists()


def test_an_account_that_is_there_gets_the_role_at_once_and_no_mail(host, owner, participant):
    before = Letter.objects.count()
    given = appoint(host, email=participant.email.upper(), role="moderator", by=owner)
    assert given.user == participant
    assert Letter.objects.count() == before


def test_programs_read_what_was_offered_and_take_it_back(client, host, offered, owner, analyst):
    offers = f"/api/v1/workspace/hosts/{host.slug}/offers/"
    client.force_login(analyst)
    (one,) = client.get(offers).json()
    assert (one["email"], one["role"]) == ("new@example.org", "editor")
    assert client.delete(f"{offers}{one['id']}/").status_code == 403
    client.force_login(owner)
    assert client.delete(f"{offers}{one['id']}/").status_code == 204
    assert client.get(offers).json() == []
    with pytest.raises(InvitationOver):
        offer_of(offered)
