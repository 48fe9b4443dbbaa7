"""The guide of the API: every request in it is sent as it stands, and answered as it says."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import make_token
from apps.briefings import demo
from apps.consultations.models import Phase
from apps.jobs.executing import run_until_idle
from apps.jobs.models import Job

GUIDE = Path(settings.BASE_DIR) / "docs" / "api.md"
REQUEST = re.compile(
    r"```http\n(?P<said>.*?)\n\n"
    r"(?P<status>\d{3})(?:, (?P<field>[\w.]+) is \{(?P<name>\w+)\})?\n```",
    re.DOTALL,
)
NAME = re.compile(r"\{([a-z_]+)\}")
WORDS_OF_MAILS = {
    "signing_word": re.compile(r"/campaign-signatures/([^/\s]+)/"),
    "disowning_word": re.compile(r"/never-wrote-this/([^/\s]+)/"),
}


def requests():
    """Yield (method, address, headers, body, what is said of the answer) in its order."""
    for found in REQUEST.finditer(GUIDE.read_text(encoding="utf-8")):
        head, _gap, body = found["said"].partition("\n\n")
        first, *lines = head.split("\n")
        method, address = first.split(" ", 1)
        headers = dict(line.split(": ", 1) for line in lines)
        yield method, address, headers, body, found


@pytest.fixture
def tokens(db, settings, tmp_path):
    """What the guide knows before its first request: the tokens of three people of the demo."""
    settings.DATA_DIR, settings.BRIEFINGS_ROOT = tmp_path, tmp_path / "briefings"
    settings.JOB_BACKOFF_SECONDS = ()
    list(demo.load_consultations())
    demo.make_accounts()
    now = timezone.now()
    Phase.objects.filter(consultation__slug="pause-protocol", kind="comment").update(
        opens_at=now - timezone.timedelta(days=1), closes_at=now + timezone.timedelta(days=1)
    )
    people = {name: f"{name}@demo.example" for name in ("volunteer", "person", "owner")}
    return {
        name: make_token(User.objects.get(email=email), name="guide", scope="write")[1]
        for name, email in people.items()
    }


def send(client, known, request):
    """Send one request of the guide, with what is known put in place of the names in it."""
    method, address, headers, body, _found = request

    def filled(text):
        return NAME.sub(lambda name: str(known.get(name[1], name[0])), text)

    headers = {"Authorization": "Token {volunteer}", **headers}
    headers = {name: filled(value) for name, value in headers.items()}
    kind = headers.pop("Content-Type", "application/json")
    content = filled(body)
    if kind.startswith("multipart/"):
        content = content.replace("\n", "\r\n")
    return client.generic(method, filled(address), content, content_type=kind, headers=headers)


def work():
    """Do what the workers of a site do between two requests."""
    for root in Job.objects.due().values_list("root", flat=True).distinct():
        run_until_idle(root)


def words_of_mails():
    """Return what stands at the end of the links of the newest mails, by its name in the guide."""
    text = "\n".join(str(one.body) for one in mail.outbox)
    found = {name: word.findall(text) for name, word in WORDS_OF_MAILS.items()}
    return {name: words[-1] for name, words in found.items() if words}


def at(answer, path):
    """Return what stands at a dotted path of an answer."""
    for step in path.split("."):
        answer = answer[int(step)] if step.isdecimal() else answer[step]
    return answer


def test_every_request_of_the_guide_is_answered_as_it_says(client, tokens):
    known, sent = dict(tokens), 0
    for request in requests():
        answer = send(client, known, request)
        found = request[-1]
        assert str(answer.status_code) == found["status"], (
            f"{request[0]} {request[1]}: {answer.getvalue().decode()}"
        )
        if found["field"]:
            known[found["name"]] = at(answer.json(), found["field"])
        work()
        known |= words_of_mails()
        sent += 1
    assert sent == GUIDE.read_text(encoding="utf-8").count("```http")
    assert sent > 10


def test_every_name_of_the_guide_is_given_by_an_earlier_answer():
    known = {"volunteer", "person", "owner", *WORDS_OF_MAILS}
    for _method, address, headers, body, found in requests():
        used = set(NAME.findall("".join((address, *headers.values(), body))))
        assert used <= known, address
        known.add(found["name"])


def test_a_request_sent_again_with_its_key_gives_the_same_receipt(client, tokens):
    request = next(one for one in requests() if "Idempotency-Key" in one[2])
    first, again = (send(client, tokens, request) for _time in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
