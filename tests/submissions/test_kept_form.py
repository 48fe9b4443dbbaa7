"""The form is kept between requests, and never older than the consultation that was read."""

from dataclasses import replace

import pytest

from apps.consultations.inputs import ProvisionInput, QuestionInput
from apps.consultations.models import Consultation, Question
from apps.consultations.services import (
    change_question,
    publish_version,
    remove_question,
    restore_question,
    write_question,
)
from apps.submissions.drafting import kept_form
from apps.submissions.errors import IncompleteSubmission, InvalidContent
from apps.submissions.inputs import AnswerInput, DraftInput, PointInput
from apps.submissions.services import file_submission
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
BRIEF = DraftInput(answers=[AnswerInput("why", text="So that it ends.")], group="research")


@pytest.fixture
def slug(open_consultation):
    open_consultation.form_changes()
    return open_consultation.slug


def read(slug):
    """Return the consultation as a new request finds it."""
    return Consultation.objects.get(slug=slug)


def file(slug, content=BRIEF):
    return file_submission(read(slug), content, by=UserFactory())


def test_a_second_filing_does_not_read_the_form_again(slug, django_assert_max_num_queries):
    file(slug)
    person, consultation = UserFactory(), read(slug)
    with django_assert_max_num_queries(30) as seen:
        file_submission(consultation, BRIEF, by=person)
    read_tables = " ".join(q["sql"] for q in seen.captured_queries if q["sql"].startswith("SELECT"))
    assert "consultations_question" not in read_tables
    assert "consultations_provision" not in read_tables


def test_forms_of_replies_and_of_comments_are_kept_apart(slug):
    assert kept_form(read(slug), is_reply=False).questions
    assert not kept_form(read(slug), is_reply=True).questions


def test_a_question_added_or_changed_is_asked_at_once(slug, owner):
    file(slug)
    added = write_question(
        read(slug), QuestionInput("", "And who pays?", is_required=True), by=owner
    )
    with pytest.raises(IncompleteSubmission):
        file(slug)
    again = QuestionInput(key=added.key, text=added.text, is_required=False)
    change_question(added, again, by=owner)
    file(slug)


def test_an_archived_question_takes_answers_again_only_once_it_is_restored(slug, owner):
    file(slug)
    why = Question.objects.get(key="why")
    assert remove_question(why, by=owner) is True
    with pytest.raises(InvalidContent):
        file(slug)
    restore_question(why, by=owner)
    file(slug)


def test_points_go_to_the_version_of_today(slug):
    speaking = replace(BRIEF, points=[PointInput("article-1", reason="Too late.")])
    file(slug, speaking)
    document = read(slug).documents.get()
    kept = [ProvisionInput(key="article-2", label="2", heading="", text="It ends.")]
    publish_version(read(slug), slug=document.slug, title=document.title, provisions=kept)
    with pytest.raises(InvalidContent):
        file(slug, speaking)
    moved = replace(BRIEF, points=[PointInput("article-2", reason="Too late.")])
    filed = file(slug, moved)
    assert document.versions.get(number=2).provisions.get().points.count() == 1, filed
