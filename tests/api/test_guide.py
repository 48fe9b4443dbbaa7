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
from apps.consultations.models import Consultation, Host, Phase
from apps.consultations.services import give_role
from apps.moderation.services import DecisionInput, appeal, decide, open_case
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import Submission
from apps.submissions.services import file_submission
from tests.factories import UserFactory

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
    for role in ("editor", "moderator"):
        give_role(Host.objects.get(slug="secretariat"), volunteer, role)
    return make_token(volunteer, name="guide", scope="write")[1]


@pytest.fixture
def moderated(token):
    """What others filed and decided before, by the names the guide gives it."""
    consultation = Consultation.objects.get(slug="pause-protocol")
    owner = User.objects.get(email="owner@demo.example")
    volunteer = User.objects.get(email="volunteer@demo.example")
    stranger = UserFactory(email="letters@example.org")
    text = "The threshold is too low. Ask at 12 Harbour Street."
    content = DraftInput(answers=[AnswerInput("entry", text=text)], group="individual")
    letter, own, other = (
        Submission.objects.get(reference=file_submission(consultation, content, by=by).number)
        for by in (stranger, volunteer, stranger)
    )
    redact = DecisionInput("redact", "personal", ["12 Harbour Street"], "It tells where they live.")
    mine, theirs = (decide(open_case(one, "", by=owner), redact, by=owner) for one in (own, other))
    appeal(theirs, text="It is an office.", by=stranger)
    return {
        "letter": letter.reference,
        "own": own.reference,
        "decision": mine.pk,
        "appealed": theirs.case_id,
    }


def test_every_request_of_the_guide_is_answered_as_it_says(client, token, moderated):
    known, sent = dict(moderated), 0
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
