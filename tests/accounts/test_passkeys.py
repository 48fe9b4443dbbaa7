"""A passkey that comes to nothing is said where the button was pressed."""

import pytest
from django.urls import reverse


@pytest.mark.django_db
def test_the_log_in_page_can_say_that_no_passkey_could_be_used(client):
    page = client.get(reverse("account_login")).text
    assert 'id="passkey-problem" role="alert" hidden' in page
    assert "No passkey could be used." in page
    assert "passkeys.js" in page
