"""Letters of one campaign that say the same are answered once."""

import numpy as np
import pytest
from django.urls import reverse

from apps.analysis.campaigns import CampaignMap
from apps.responses.models import AnsweredPart
from apps.responses.services import ResponseInput, respond
from apps.submissions.campaigns import FoundCampaigns, store_scan
from apps.submissions.passages import extract
from tests.factories import days

pytestmark = pytest.mark.django_db
LETTER = (
    "The period is far too short for anybody who works in a small office. "
    "We ask you to give everybody at least twelve weeks to answer."
)


@pytest.fixture
def letters(say, open_consultation):
    """Three copies, one signed; one with a sentence of its own; one that takes another side."""
    said = [
        say(("article-1", "oppose"), words=LETTER),
        say(("article-1", "oppose"), words=LETTER),
        say(("article-1", "oppose"), words=f"{LETTER} Ann"),
        say(("article-1", "oppose"), words=f"{LETTER} My own father waited for nine years there."),
        say(("article-1", "support"), words=LETTER),
    ]
    extract([one.pk for one in said])
    found = CampaignMap(
        labels=np.zeros(5, dtype=np.intp),
        is_core=np.ones(5, dtype=np.bool_),
        representatives=np.array([0], dtype=np.intp),
        similarity=np.ones(5),
    )
    campaigns = FoundCampaigns([one.pk for one in said], [LETTER] * 5, found)
    store_scan(open_consultation, campaigns, cut_off_at=days(0))
    return said


def answer(consultation, owner, said, decision="rejected"):
    entered = ResponseInput([(said.reference, "point:1")], decision, "No.")
    return respond(consultation, entered, by=owner)


def answered(response):
    return {part.submission for part in AnsweredPart.objects.standing().filter(response=response)}


def test_answering_one_answers_its_copies_and_nothing_else(letters, open_consultation, owner):
    assert answered(answer(open_consultation, owner, letters[0])) == set(letters[:3])


def test_answering_anew_takes_the_copies_along_but_not_what_was_answered_apart(
    letters, open_consultation, owner
):
    answer(open_consultation, owner, letters[0])
    AnsweredPart.objects.filter(submission=letters[1]).delete()
    answer(open_consultation, owner, letters[1], "scope")
    again = answer(open_consultation, owner, letters[2], "covered")
    assert answered(again) == {letters[0], letters[2]}


def test_the_ledger_says_so_beside_each_copy(letters, open_consultation, owner, client):
    client.force_login(owner)
    ledger = reverse("responses:ledger", args=[open_consultation.slug])
    page = client.get(ledger).content.decode()
    assert page.count("answered together with its 2 copies") == 3
    typed = {"target": [f"{letters[0].reference} point:1"], "decision": "rejected", "reason": "No."}
    done = client.post(ledger, typed, follow=True)
    assert "3 answers were given." in done.content.decode()
