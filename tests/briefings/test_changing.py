"""What a briefing says about the version before it, by hand-worked cases and over the real jobs."""

import io
import random
import re

import pytest
from django.core.management import call_command

from apps.briefings.changing import Version, same_themes
from apps.briefings.content import BriefingContent, render_text
from apps.briefings.models import Briefing
from apps.submissions.models import Submission
from apps.submissions.passages import extract
from tests.factories import AnswerFactory, ConsultationFactory, QuestionFactory, SubmissionFactory

INSPECTION = "inspector access data centre declared notice visit meter seal camera audit chip"
BURDEN = "small developer cost monthly report cluster paperwork fee startup staff form delay"
WAGES = "worker wage training stop layoff union contract pay compensation shift bargain fund"


def version(**raised):
    raised = {key: frozenset(value) for key, value in raised.items()}
    refs = frozenset().union(*raised.values()) if raised else frozenset()
    return Version(refs, refs, {key: key for key in raised}, raised)


def test_a_theme_is_the_same_where_it_holds_mostly_the_same_submissions():
    before = version(a="12345", b="6789")
    now = version(x="678", y="1234", z="9")
    # a∩y 4 of 5, b∩x 3 of 4, b∩z 1 of 4
    assert same_themes(before, now) == {"a": "y", "b": "x"}


def test_submissions_that_came_or_went_do_not_part_a_theme_from_itself():
    before = version(a="12", other="34")
    now = version(a="12789ABCDEF", other="34")
    assert same_themes(before, now) == {"a": "a", "other": "other"}


def test_themes_that_share_less_than_half_are_not_the_same():
    assert same_themes(version(a="1234", b="5"), version(x="1235", y="4")) == {"a": "x"}
    assert same_themes(version(a="123", b="456"), version(x="14", y="2536")) == {}
    assert same_themes(version(), version(x="1")) == {}


@pytest.fixture
def consultation(db, settings, tmp_path):
    settings.BRIEFINGS_ROOT = tmp_path / "briefings"
    settings.JOB_BACKOFF_SECONDS = ()
    consultation = ConsultationFactory(slug="pause")
    QuestionFactory(consultation=consultation, key="why", text="Why?")
    return consultation


def file(consultation, *matters, each, group):
    """File texts that are about one matter each, no two alike; return their ids."""
    chance = random.Random(len(matters) * each)
    made = []
    for matter in matters * each:
        submission = SubmissionFactory(consultation=consultation, group=group)
        text = " ".join(f"Our {' '.join(chance.sample(matter.split(), 6))}." for _ in range(4))
        AnswerFactory(submission=submission, question=consultation.questions.get(), text=text)
        made.append(submission.pk)
    extract(made)
    return made


def build(consultation, folder):
    call_command(
        "build_briefing", consultation.slug, output=folder, quiet=True, stdout=io.StringIO()
    )
    briefing = consultation.briefings.filter(state=Briefing.State.READY).order_by("version").last()
    content = BriefingContent.model_validate(briefing.content)
    return [" ".join(render_text(claim).split()) for claim in content.changes]


def test_a_new_version_says_what_changed_in_every_format(consultation, tmp_path):
    first = file(consultation, INSPECTION, BURDEN, each=20, group="civil")
    assert build(consultation, tmp_path / "1") == []
    file(consultation, WAGES, each=20, group="union")
    Submission.objects.filter(pk=first[0]).update(state=Submission.State.WITHDRAWN)
    said = build(consultation, tmp_path / "2")
    assert said[0].startswith("Submissions that came in since version 1 of ")
    assert said[0].endswith(": 20. Withdrawn or replaced since: 1. Listed now: 60.")
    assert said[1].startswith("They came from: Trade union 20.")
    new = [line for line in said[2:] if line.startswith("A theme not found before is")]
    assert any(set(re.findall(r"\w+", line.lower())) & set(WAGES.split()) for line in new)
    html = next((tmp_path / "2").glob("*.html")).read_text()
    assert html.count("What changed since the version before") == 1
    assert "Withdrawn or replaced since: 1." in " ".join(html.split())


def test_nothing_filed_since_is_said_in_one_sentence(consultation, tmp_path):
    file(consultation, INSPECTION, BURDEN, each=20, group="civil")
    build(consultation, tmp_path / "1")
    said = build(consultation, tmp_path / "2")
    assert len(said) == 1
    assert said[0].startswith("The same 40 submissions are read as in version 1 of ")
