"""What stands in attached files is read for a briefing, and cited by file and page."""

import hashlib
import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from apps.briefings.corpus import state_of
from apps.briefings.linking import citation_url, part_of, words_of
from apps.briefings.models import Briefing, Citation, CorpusItem
from apps.jobs.executing import run_job
from apps.jobs.models import Job
from apps.moderation.services import DecisionInput, decide, open_case
from apps.submissions import passages
from apps.submissions.models import Attachment, AttachmentPage
from tests.factories import (
    AnswerFactory,
    ConsultationFactory,
    DocumentVersionFactory,
    HostRoleFactory,
    PointFactory,
    ProvisionFactory,
    QuestionFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
ON_PAPER = "Independent inspectors must be let into every computing centre without any warning."


@pytest.fixture(autouse=True)
def briefings_folder(settings, tmp_path):
    settings.BRIEFINGS_ROOT = tmp_path / "briefings"
    settings.DATA_DIR = tmp_path
    settings.JOB_BACKOFF_SECONDS = ()


def attached(submission, *texts, point=None):
    attachment = Attachment.objects.create(
        submission=submission,
        point=point,
        number=submission.attachments.count() + 1,
        name="paper.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        published="p",
        state="read",
        page_count=len(texts),
        pages_read=len(texts),
    )
    for number, text in enumerate(texts, 1):
        AttachmentPage.objects.create(attachment=attachment, number=number, text=text)
    return attachment


def build(consultation, folder):
    submissions = consultation.submissions.values_list("pk", flat=True)
    passages.extract(list(submissions))
    call_command(
        "build_briefing", consultation.slug, output=folder, quiet=True, stdout=io.StringIO()
    )
    return Briefing.objects.get(consultation=consultation, state=Briefing.State.READY)


@pytest.fixture
def by_question(db):
    """Seven answers, and one that only points at a file of two pages."""
    consultation = ConsultationFactory()
    question = QuestionFactory(consultation=consultation, key="comment", text="Your comment?")
    for number in range(7):
        one = SubmissionFactory(consultation=consultation, group="individual")
        text = f"The threshold of compute named in article {number} is far too high for this."
        AnswerFactory(submission=one, question=question, text=text)
    union = SubmissionFactory(consultation=consultation, group="union")
    AnswerFactory(submission=union, question=question, text="Please see the attached letter.")
    attached(union, "Contents of this letter", ON_PAPER)
    return consultation


def test_a_group_that_only_sent_a_file_is_heard_and_quoted_by_its_page(
    by_question, tmp_path, client
):
    briefing = build(by_question, tmp_path / "out")
    assert CorpusItem.objects.get(submission__group="union").state == CorpusItem.State.OWN
    citation = Citation.objects.filter(claim__briefing=briefing, page__isnull=False).first()
    assert part_of(citation) == "attachment:1#page=2"
    assert words_of(citation) == ON_PAPER
    assert citation.sha256 == hashlib.sha256(ON_PAPER.encode()).hexdigest()
    page = client.get(citation_url(by_question, citation).partition("#marked")[0])
    assert f'<mark id="marked">{ON_PAPER}</mark>' in page.content.decode()
    assert "attachment 1, page 2" in (tmp_path / "out" / "briefing.html").read_text()
    listed = client.get(f"/api/v1/consultations/{by_question.slug}/claims/")
    assert "attachment:1#page=2" in listed.content.decode()


def test_around_a_quote_of_a_file_that_is_kept_back_since_nothing_is_shown(
    by_question, tmp_path, client
):
    file = Attachment.objects.get()
    file.pages.filter(number=2).update(text=f"{ON_PAPER}\n\nCall Jo at 5551.")
    briefing = build(by_question, tmp_path / "out")
    citation = Citation.objects.filter(claim__briefing=briefing, page__isnull=False).first()
    place = [by_question.slug, briefing.version, citation.claim.number]
    assert words_of(citation) == ON_PAPER
    page = client.get(reverse("briefings:claim", args=place)).content.decode()
    assert "Call Jo at 5551." in page
    Attachment.objects.update(kept_back="personal")
    page = client.get(reverse("briefings:claim", args=place)).content.decode()
    assert ON_PAPER in page
    assert "5551" not in page


def test_a_page_that_supports_a_point_is_quoted_with_its_provision_and_stance(tmp_path):
    consultation = ConsultationFactory()
    version = DocumentVersionFactory(document__consultation=consultation)
    provision = ProvisionFactory(version=version, key="article-1")
    for number, reason in enumerate(["", "It is good as it is, and we can work with it as it is."]):
        one = SubmissionFactory(consultation=consultation, group=("union", "company")[number])
        point = PointFactory(submission=one, provision=provision, stance="oppose", reason=reason)
        if not reason:
            attached(one, ON_PAPER, point=point)
    briefing = build(consultation, tmp_path / "out")
    citation = Citation.objects.filter(claim__briefing=briefing, page__isnull=False).first()
    assert words_of(citation) == ON_PAPER
    assert citation.claim.theme.provision_key == "article-1"


def test_a_page_that_moderators_hide_is_quoted_no_more(by_question, tmp_path, client):
    briefing = build(by_question, tmp_path / "out")
    quoted = f"/consultations/{by_question.slug}/briefings/{briefing.version}/"
    assert ON_PAPER in client.get(quoted).content.decode()
    moderator = HostRoleFactory(host=by_question.host, role="moderator").user
    submission = by_question.submissions.get(group="union")
    case = open_case(submission, "attachment:1", by=moderator)
    entered = DecisionInput("pages", rule="personal", pages="2", statement="It names a clerk.")
    decide(case, entered, by=moderator)
    for pk in Job.objects.due().values_list("pk", flat=True):
        run_job(pk)
    assert ON_PAPER not in client.get(quoted).content.decode()
    assert "Contents of this letter" in submission.attachments.get().pages.get(number=1).text
    claims = client.get(f"/api/v1/consultations/{by_question.slug}/claims/").content.decode()
    assert ON_PAPER not in claims
    briefing.refresh_from_db()
    assert ON_PAPER not in json.dumps(briefing.content, ensure_ascii=False)


def test_a_file_that_could_not_be_read_leaves_its_cover_note_as_one():
    note = "Please see the attached letter."
    state = state_of(note, attachments=1, is_letter=False, has_positions=False)
    assert state == CorpusItem.State.ATTACHMENT
