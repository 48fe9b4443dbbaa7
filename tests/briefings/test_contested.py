"""A claim that its author contests says so beside it: at once on the page, printed in the next."""

import io
import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from pydantic import ValidationError
from pypdf import PdfReader

from apps.briefings.content import BriefingContent
from apps.briefings.models import Briefing, Citation, Claim
from apps.briefings.renderers import render_docx, render_html, render_json, render_pdf
from apps.briefings.services import mark_claim, take_back_mark
from apps.briefings.understanding import contested_before
from apps.submissions.services import withdraw
from tests.briefings.content_factory import briefing_data
from tests.factories import AnswerFactory, SubmissionFactory

EARLIER = "in an earlier version: this is not what was meant."


def contested_data():
    """Return content in which the first claim of a theme that cites anybody is contested."""
    data = briefing_data()
    claim = next(one for one in data["themes"][0]["claims"] if one["citations"])
    claim["contested"] = [claim["citations"][0]["ref"]]
    return data, claim


def plain(text):
    return " ".join(text.split())


def words_of(render, content):
    if render is render_pdf:
        pages = PdfReader(io.BytesIO(render_pdf(content).data)).pages
        return plain(" ".join(page.extract_text() for page in pages))
    if render is render_docx:
        paragraphs = Document(io.BytesIO(render_docx(content))).paragraphs
        return plain(" ".join(one.text for one in paragraphs))
    return plain(render_html(content).decode())


@pytest.mark.parametrize("render", [render_html, render_docx, render_pdf])
def test_what_was_contested_before_is_printed_beside_the_claim(render):
    data, claim = contested_data()
    whole = words_of(render, BriefingContent.model_validate(data))
    assert whole.count(EARLIER) == 1
    # Beside it: after its sentence, before that of the next claim of the same theme.
    claims = data["themes"][0]["claims"]
    later = claims[claims.index(claim) + 1]
    start = plain(claim["text"]).partition("{")[0][:30]
    end = plain(later["text"]).partition("{")[0][:30]
    assert start in whole[: whole.index(EARLIER)]
    assert end in whole[whole.index(EARLIER) :]
    without = BriefingContent.model_validate(briefing_data())
    assert EARLIER not in words_of(render, without)


@pytest.mark.parametrize("place", ["note", "summary"])
@pytest.mark.parametrize("render", [render_html, render_docx, render_pdf])
def test_sentences_that_quote_nothing_say_it_too(render, place):
    data = briefing_data()
    claim = data["note"][0] if place == "note" else data["themes"][0]["summary"]
    ref = next(one["ref"] for one in data["submissions"] if one["state"] == "own")
    claim["citations"] = [{"ref": ref}]
    for one in data["submissions"]:
        kept = {number for number in one["cited_in"] if number != claim["id"]}
        one["cited_in"] = sorted(kept | ({claim["id"]} if one["ref"] == ref else set()))
    claim["contested"] = [claim["citations"][0]["ref"]]
    assert EARLIER in words_of(render, BriefingContent.model_validate(data))


def test_the_data_names_who_contests():
    data, claim = contested_data()
    told = render_json(BriefingContent.model_validate(data)).decode()
    claims = [one for theme in json.loads(told)["themes"] for one in theme["claims"]]
    assert {one["id"]: one["contested"] for one in claims if one["contested"]} == {
        claim["id"]: claim["contested"]
    }


def test_nobody_contests_what_does_not_cite_them():
    data, claim = contested_data()
    claim["contested"] = ["PL-NOBODY"]
    with pytest.raises(ValidationError, match="does not cite"):
        BriefingContent.model_validate(data)


@pytest.fixture
def mine(open_consultation, participant):
    one = SubmissionFactory(consultation=open_consultation, author=participant)
    question = open_consultation.questions.get(key="why")
    AnswerFactory(submission=one, question=question, text="Because it ends. It must.")
    return one


def briefing_of(consultation, version, **fields):
    cache.clear()
    data = briefing_data()
    return Briefing.objects.create(
        consultation=consultation,
        version=version,
        **{"state": "ready", "content": data, "content_hash": "0" * 64, **fields},
    )


def claim_of(briefing, number, submission, *, text="So it is, {n}.", span=(0, 16)):
    claim = Claim.objects.create(
        briefing=briefing, number=number, position=1, section="theme", kind="for", text=text
    )
    start, end = span
    sha = {"sha256": "0" * 64} if start is not None else {}
    Citation.objects.create(
        claim=claim,
        submission=submission,
        answer=submission.answers.get() if start is not None else None,
        start=start,
        end=end,
        **sha,
    )
    return claim


@pytest.mark.django_db
def test_the_page_shows_a_mark_beside_the_claim_at_once_and_drops_it_when_taken_back(
    client, open_consultation, mine, participant
):
    briefing = briefing_of(open_consultation, 1)
    number = briefing.content["themes"][0]["claims"][0]["id"]
    claim = claim_of(briefing, number, mine)
    address = briefing.get_absolute_url()
    said = f"Contested by {mine.reference}: this is not what was meant."
    assert said not in client.get(address).content.decode()
    mark_claim(claim, mine, verdict="contested", words="More time.", by=participant)
    page = client.get(address).content.decode()
    assert said in page
    assert f"claims/{number}/#understood" in page
    assert "those of the next version print them" in page
    mark_claim(claim, mine, verdict="confirmed", by=participant)
    assert said not in client.get(address).content.decode()
    mark_claim(claim, mine, verdict="contested", words="More time.", by=participant)
    assert said in client.get(address).content.decode()
    take_back_mark(claim, mine, by=participant)
    assert said not in client.get(address).content.decode()


@pytest.mark.django_db
def test_the_page_takes_the_same_queries_for_one_mark_and_for_many(
    client, open_consultation, mine, participant
):
    briefing = briefing_of(open_consultation, 1)
    claims = [one["id"] for theme in briefing.content["themes"] for one in theme["claims"]][:6]
    rows = [claim_of(briefing, number, mine) for number in claims]
    taken = []
    for marked in (rows[:1], rows[1:]):
        for one in marked:
            mark_claim(one, mine, verdict="contested", words="No.", by=participant)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(briefing.get_absolute_url())
        taken.append(len(seen))
    assert taken[0] == taken[1]


@pytest.mark.django_db
def test_the_next_version_knows_what_was_contested_of_the_same_words(
    open_consultation, mine, participant
):
    first = claim_of(briefing_of(open_consultation, 1), "1.1", mine)
    mark_claim(first, mine, verdict="contested", words="More time.", by=participant)
    second = briefing_of(open_consultation, 2, state="building")
    same = claim_of(second, "2.4", mine)
    claim_of(second, "2.5", mine, text="It is otherwise, {n}.")
    claim_of(second, "2.6", mine, span=(17, 25))
    assert dict(contested_before(second)) == {same.pk: [mine.reference]}
    assert dict(contested_before(first.briefing)) == {}


@pytest.mark.django_db
def test_what_an_author_said_last_counts(open_consultation, mine, participant):
    for version, verdict in ((1, "contested"), (2, "confirmed")):
        claim = claim_of(briefing_of(open_consultation, version), "1.1", mine)
        words = "More time." if verdict == "contested" else ""
        mark_claim(claim, mine, verdict=verdict, words=words, by=participant)
    third = briefing_of(open_consultation, 3, state="building")
    claim_of(third, "1.1", mine)
    assert dict(contested_before(third)) == {}


@pytest.mark.django_db
def test_a_withdrawn_submission_contests_nothing(open_consultation, mine, participant):
    first = claim_of(briefing_of(open_consultation, 1), "1.1", mine)
    mark_claim(first, mine, verdict="contested", words="More time.", by=participant)
    second = briefing_of(open_consultation, 2, state="building")
    claim_of(second, "1.1", mine)
    withdraw(mine, by=participant)
    assert dict(contested_before(second)) == {}
