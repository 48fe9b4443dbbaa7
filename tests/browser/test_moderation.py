"""The public log and redacted briefings in a browser: axe finds nothing, nothing is too wide."""

import hashlib

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.briefings.models import Briefing, Citation, Claim
from apps.moderation.models import Appeal
from apps.submissions.models import HIDDEN
from tests.briefings.content_factory import briefing_data
from tests.factories import AnswerFactory, ConsultationFactory, SubmissionFactory
from tests.moderation.test_log import case_of, decision_on, filed

pytestmark = pytest.mark.django_db(transaction=True)
NARROW = 320


@pytest.fixture
def log():
    consultation = ConsultationFactory(
        slug="pause",
        moderation_policy="We hide as little as we can.\n\nWho disagrees can appeal.",
        languages=["ar"],
    )
    filed(consultation, "union", 40, 12)
    filed(consultation, "company", 400, 6)
    note = "A telephone number, and an address that belongs to somebody who had no part in this."
    for part in ("", "answer:why", "point:2", "reply:1", "attachment:1"):
        decision = decision_on(case_of(consultation, part=part, group="civil"), public_note=note)
        Appeal.objects.create(decision=decision, text="Mine.")
    decision_on(case_of(consultation), "hide", reversed_at=timezone.now())
    return reverse("moderation:log", args=["pause"])


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_axe_finds_nothing_on_a_full_log_and_it_does_not_scroll_sideways(
    log, visit, violations, is_too_wide, direction
):
    page = visit(log)
    page.evaluate("way => document.documentElement.dir = way", direction)
    assert page.locator("tbody tr").count() > 20
    assert violations(page) + page.complaints + page.strangers == []
    assert [width for width in (NARROW, 768, 1024) if is_too_wide(page, width)] == []


@pytest.fixture
def redacted():
    """A published version of which moderators removed words; its files are not made yet."""
    consultation = ConsultationFactory(slug="pause")
    briefing = Briefing.objects.create(
        consultation=consultation, version=1, state=Briefing.State.READY, content=briefing_data()
    )
    claim = Claim.objects.create(
        briefing=briefing, number="1.1", position=1, section="theme", kind="for", text="So."
    )
    text = f"Ask {HIDDEN * 12} about it."
    answer = AnswerFactory(submission=SubmissionFactory(consultation=consultation), text=text)
    Citation.objects.create(
        claim=claim,
        submission=answer.submission,
        answer=answer,
        start=0,
        end=len(text),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        hidden_at=timezone.now(),
    )
    return briefing


@pytest.mark.parametrize("name", ["detail", "claim", "file"])
def test_axe_finds_nothing_where_words_left_a_briefing(
    redacted, visit, violations, is_too_wide, name
):
    more = {"claim": ["1.1"], "file": ["pdf"]}.get(name, [])
    page = visit(reverse(f"briefings:{name}", args=["pause", 1, *more]))
    expected = {"detail": "Words of 1 quote were removed", "claim": HIDDEN * 12}
    assert expected.get(name, "This file is being made again") in page.content()
    assert violations(page) + page.strangers == []
    assert not is_too_wide(page, NARROW)
