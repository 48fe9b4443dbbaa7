"""The guide of the API: every request in it is sent as it stands, and answered as it says."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import make_token
from apps.briefings import demo
from apps.consultations.models import Host, Phase
from apps.consultations.services import give_role

GUIDE = Path(settings.BASE_DIR) / "docs" / "api.md"
REQUEST = re.compile(
    r"```http\n(?P<said>.*?)\n\n(?P<status>\d{3})(?:, (?P<field>\w+) is \{(?P<name>\w+)\})?\n```",
    re.DOTALL,
)
NAME = re.compile(r"\{([a-z_]+)\}")


def requests():
    """Yield (method, address, headers, body, what is said of the answer) in its order."""
    for found in REQUEST.finditer(GUIDE.read_text(encoding="utf-8")):
        head, _gap, body = found["said"].partition("\n\n")
        first, *lines = head.split("\n")
        method, address = first.split(" ", 1)
        headers = dict(line.split(": ", 1) for line in lines)
        yield method, address, headers, body, found


@pytest.fixture
def token(db):
    list(demo.load_consultations())
    demo.make_accounts()
    now = timezone.now()
    Phase.objects.filter(consultation__slug="pause-protocol", kind="comment").update(
        opens_at=now - timezone.timedelta(days=1), closes_at=now + timezone.timedelta(days=1)
    )
    volunteer = User.objects.get(email="volunteer@demo.example")
    give_role(Host.objects.get(slug="secretariat"), volunteer, "editor")
    return make_token(volunteer, name="guide", scope="write")[1]


def test_every_request_of_the_guide_is_answered_as_it_says(client, token):
    known, sent = {}, 0
    for method, address, headers, body, found in requests():

        def filled(text):
            return NAME.sub(lambda name: str(known.get(name[1], name[0])), text)

        answer = client.generic(
            method,
            filled(address),
            filled(body),
            content_type="application/json",
            headers={"Authorization": f"Token {token}", **headers},
        )
        assert str(answer.status_code) == found["status"], f"{address}: {answer.content.decode()}"
        if found["field"]:
            known[found["name"]] = json.loads(answer.content)[found["field"]]
        sent += 1
    assert sent == GUIDE.read_text(encoding="utf-8").count("```http")
    assert sent > 10


def test_a_request_sent_again_with_its_key_gives_the_same_receipt(client, token):
    method, address, headers, body, _status = next(
        one for one in requests() if "Idempotency-Key" in one[2]
    )
    headers = {"Authorization": f"Token {token}", **headers}
    first, again = (
        client.generic(method, address, body, content_type="application/json", headers=headers)
        for _time in range(2)
    )
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
