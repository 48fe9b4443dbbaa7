"""Passkeys: one that comes to nothing is said, and those there are are listed with their dates."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse


@pytest.mark.django_db
def test_the_log_in_page_can_say_that_no_passkey_could_be_used(client):
    page = client.get(reverse("account_login")).text
    assert 'id="passkey-problem" role="alert" hidden' in page
    assert "No passkey could be used." in page
    assert "passkeys.js" in page


def test_keys_are_listed_with_dates_that_read_alike_everywhere(client, participant):
    key = Authenticator.objects.create(
        user=participant, type="webauthn", data={"name": "Phone", "passwordless": True}
    )
    Authenticator.objects.update(created_at="2026-03-04T12:00:00Z")
    client.force_login(participant)
    page = client.get(reverse("mfa_list_webauthn")).text
    assert "Added on 4 March 2026." in page
    assert "Not used yet." in page
    assert reverse("mfa_remove_webauthn", args=[key.pk]) in page
