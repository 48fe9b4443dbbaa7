"""Hidden words are found nowhere: every route is read by everybody who does not moderate."""

import io

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.urls.converters import IntConverter

from apps.accounts.services import make_token
from apps.audit.models import Entry
from apps.jobs.models import Job
from apps.moderation.services import DecisionInput, decide, open_case
from apps.notifications.models import News
from apps.notifications.services import follow
from apps.submissions.inputs import AnswerInput, DraftInput
from tests.factories import AnswerFactory, SubmissionFactory, UserFactory
from tests.moderation.cast import (
    WORD,
    everywhere,
    file_note,
    filed,
    hidden,
    holds,
    index,
    redacted,
    run_all,
)
from tests.submissions.test_leaks import plain
from tests.test_access import ROUTES

pytestmark = pytest.mark.django_db
LISTS = (
    "/consultations/open-consultation/submissions/",
    "/api/v1/consultations/open-consultation/submissions/",
    "/search/",
    "/api/v1/search/",
)


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.BRIEFINGS_ROOT = tmp_path / "briefings"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path
    settings.JOB_BACKOFF_SECONDS = ()
    cache.clear()


@pytest.fixture
def said(open_consultation, author, participant, tmp_path):
    """A submission with the word everywhere, among others, in a briefing."""
    follow(participant, kind="consultation", key="open-consultation", frequency="instant")
    question = open_consultation.questions.get(key="why")
    for number in range(7):
        one = SubmissionFactory(consultation=open_consultation, group="individual")
        text = f"The threshold of compute named in article {number} is far too high for this."
        AnswerFactory(submission=one, question=question, text=text)
        index(one)
    made = filed(open_consultation, everywhere(author), by=author)
    call_command(
        "build_briefing", "open-consultation", output=tmp_path, quiet=True, stdout=io.StringIO()
    )
    return made


def addresses(submission):
    """Yield every address one may GET of a submission, its files, lists, feeds and tables."""
    known = {
        "slug": "open-consultation",
        "document": "draft",
        "document_slug": "draft",
        "reference": submission.reference,
        "version": 1,
        "number": "1.1",
        "file_format": "json",
        "format": "json",
        "pk": 1,
        "key": "paged",
    }
    for name, pattern in ROUTES.items():
        names = set(pattern.pattern.converters or pattern.pattern.regex.groupindex)
        if names <= set(known) and "token" not in name:
            numbered = isinstance(pattern.pattern.converters.get("number"), IntConverter)
            wanted = {**known, "number": 1} if numbered else known
            yield reverse(name, kwargs={key: wanted[key] for key in names})
    for address in LISTS:
        for words in (WORD, WORD[:-1], "rest", "threshold"):
            yield f"{address}?q={words}"
    for key in ("named", "paged", "open"):
        for form in ("/attachments/{}/", "/attachments/{}/text/", "/api/v1/attachments/{}/pages/"):
            yield form.format(key)
    for part in ("answer:why", "point:1", "attachment:1", "attachment:2"):
        address = reverse("moderation:report", args=["open-consultation", submission.reference])
        yield f"{address}?part={part}"


def leaks(client, address, headers):
    cache.clear()
    text = plain(client.get(address, headers=headers))
    # A page of a search repeats what was asked for.
    asked = address.casefold().partition("?q=")[2]
    return WORD.casefold() in (text.replace(asked, "") if asked else text)


def readers():
    stranger = UserFactory(email="reader@example.org")
    session = Client()
    session.force_login(stranger)
    _token, text = make_token(stranger, name="reading", scope="read")
    return {
        "anonymous": (Client(), {}),
        "somebody else": (session, {}),
        "a program": (Client(), {"Authorization": f"Token {text}"}),
    }


def found(submission):
    return [
        (name, address)
        for name, (client, headers) in readers().items()
        for address in addresses(submission)
        if leaks(client, address, headers)
    ]


def test_the_sweep_finds_the_word_while_it_stands(said):
    assert len({address for _name, address in found(said)}) > 5


@pytest.mark.parametrize("act", ["redacted", "hidden"])
def test_no_address_tells_what_was_hidden(said, moderator, act):
    if act == "redacted":
        redacted(said, WORD, by=moderator)
    else:
        hidden(said, by=moderator)
    run_all()
    assert found(said) == []


def test_no_address_tells_what_stood_on_a_hidden_page(
    open_consultation, author, moderator, participant
):
    note = file_note(author, key="paged", pages=("The first.", f"{WORD} lives here.", "The third."))
    made = filed(
        open_consultation,
        DraftInput(
            group="individual",
            language="en",
            answers=[AnswerInput("why", text="See the annex.")],
            attachments=[note],
        ),
        by=author,
    )
    assert holds(WORD)
    entered = DecisionInput("pages", rule="personal", pages="2", statement="Why.")
    decide(open_case(made, "attachment:1", by=moderator), entered, by=moderator)
    run_all()
    assert found(made) == []


def test_neither_news_nor_jobs_nor_the_record_hold_it(said, moderator):
    redacted(said, WORD, by=moderator)
    rows = [f"{one.title} {one.values} {one.path}" for one in News.objects.all()]
    rows += [str(one.payload) for one in Job.objects.all()]
    rows += [f"{one.kind} {one.subject} {one.detail}" for one in Entry.objects.all()]
    assert News.objects.exists()
    assert WORD.casefold() not in " ".join(rows).casefold()
