"""From a submission one follows each sentence to the claims that use it, and back."""

import io

import pytest
from django.core.management import call_command

from apps.briefings.models import Briefing, Citation
from apps.briefings.services import mark_claim
from apps.briefings.telling import tell_cited
from apps.notifications.models import News
from apps.submissions import passages
from apps.submissions.announcing import follow_filed
from apps.submissions.models import Submission
from tests.factories import (
    AnswerFactory,
    ConsultationFactory,
    MembershipFactory,
    PhaseFactory,
    QuestionFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def briefings_folder(settings, tmp_path):
    settings.BRIEFINGS_ROOT = tmp_path / "briefings"
    settings.DATA_DIR = tmp_path
    settings.JOB_BACKOFF_SECONDS = ()


@pytest.fixture
def union(forum):
    return MembershipFactory(organisation=forum, user__email="union@example.org").user


@pytest.fixture
def submission(forum, union):
    """What a union said among seven others; its passages are split, no briefing is built yet."""
    consultation = ConsultationFactory(slug="words")
    PhaseFactory(consultation=consultation)
    question = QuestionFactory(consultation=consultation, key="why", text="Your comment?")
    for number in range(7):
        one = SubmissionFactory(consultation=consultation, group="individual")
        text = f"The threshold of compute named in article {number} is far too high for this."
        AnswerFactory(submission=one, question=question, text=text)
    own = SubmissionFactory(
        consultation=consultation, group="union", organisation=forum, author=union
    )
    text = "Independent inspectors must be let into every computing centre. It is urgent."
    AnswerFactory(submission=own, question=question, text=text)
    passages.extract(list(consultation.submissions.values_list("pk", flat=True)))
    return own


def page_of(submission):
    return f"/consultations/words/words/{submission.reference}/"


def build(submission, folder):
    call_command("build_briefing", "words", output=folder, quiet=True, stdout=io.StringIO())
    return Briefing.objects.order_by("-version").first()


def test_before_a_briefing_the_page_says_what_will_come(client, submission):
    text = client.get(page_of(submission)).content.decode()
    assert "No briefing is published yet" in text
    assert "Independent inspectors must be let into every computing centre." in text


def test_one_text_raises_and_many_raise(submission, tmp_path):
    claims = build(submission, tmp_path).claims.filter(text__contains=" texts read raise")
    counted = [(one.numbers.get("raised") or one.numbers["n"], one.text) for one in claims]
    assert {number["value"] for number, _text in counted} >= {1}
    for number, text in counted:
        assert ("read raises " in text) == (number["value"] == 1)


def test_each_sentence_shows_the_claims_that_use_it_and_back(client, submission, union, tmp_path):
    briefing = build(submission, tmp_path)
    citation = Citation.objects.filter(submission=submission, start__isnull=False).first()
    claim = f"/consultations/words/briefings/{briefing.version}/claims/{citation.claim.number}/"
    text = client.get(page_of(submission)).content.decode()
    assert "<mark>Independent inspectors must be let into every computing centre.</mark>" in text
    assert claim in text
    said = f"Claim {citation.claim.number}: <bdi>"
    assert said in text, "a claim keeps its own direction on a page in another script"
    assert said in client.get(submission.get_absolute_url()).content.decode()
    assert 'aria-labelledby="part-' not in text, "parts may have the same heading"
    assert "Confirm or contest it" not in text
    assert page_of(submission) in client.get(claim).content.decode()
    assert page_of(submission) in client.get(submission.get_absolute_url()).content.decode()
    client.force_login(union)
    assert f"{claim}#understood" in client.get(page_of(submission)).content.decode()
    mark_claim(
        citation.claim, submission, verdict="contested", words="Not without notice.", by=union
    )
    text = client.get(page_of(submission)).content.decode()
    assert "Not what we meant" in text
    assert "Change what you said" in text
    shown = client.get(f"/api/v1{page_of(submission)}").json()
    [part] = shown["parts"]
    [used] = [passage for passage in part["passages"] if passage["uses"]]
    assert used["words"] == "Independent inspectors must be let into every computing centre."
    assert citation.claim.number in [use["claim"] for use in used["uses"]]
    assert "contested" in [use["verdict"] for use in used["uses"]]


def test_what_was_filed_after_the_briefing_is_told_so(client, submission, tmp_path):
    build(submission, tmp_path)
    late = SubmissionFactory(consultation=submission.consultation)
    AnswerFactory(
        submission=late,
        question=submission.consultation.questions.get(),
        text="Too late, it seems.",
    )
    passages.extract([late.pk])
    page = client.get(page_of(late)).content.decode()
    assert "filed after this briefing was begun" in page
    assert "They were read" not in page
    assert page_of(late) in client.get(late.get_absolute_url()).content.decode()
    Submission.objects.filter(pk=late.pk).update(state="withdrawn")
    assert page_of(late) not in client.get(late.get_absolute_url()).content.decode()


def test_what_was_withdrawn_has_no_words_to_follow(client, submission):
    submission.state = "withdrawn"
    submission.save()
    assert client.get(page_of(submission)).status_code == 404
    assert client.get(f"/api/v1{page_of(submission)}").status_code == 404


def test_the_page_costs_the_same_with_many_sentences(
    client, submission, tmp_path, django_assert_max_num_queries
):
    build(submission, tmp_path)
    question = QuestionFactory(consultation=submission.consultation, key="more")
    AnswerFactory(submission=submission, question=question, text="One more sentence here. " * 80)
    submission.passages.all().delete()
    passages.extract([submission.pk])
    with django_assert_max_num_queries(14):
        client.get(page_of(submission))


def test_my_responses_list_mine_and_those_of_my_organisations(
    client, submission, union, rival, django_assert_max_num_queries
):
    SubmissionFactory.create_batch(40, consultation=submission.consultation, author=union)
    SubmissionFactory(consultation=submission.consultation, author=rival, reference="THEIRS")
    client.force_login(union)
    with django_assert_max_num_queries(12):
        text = client.get("/my-responses/").content.decode()
    assert "41 responses of yours" in text
    assert "THEIRS" not in text
    rows = client.get("/api/v1/me/submissions/").json()["results"]
    assert submission.reference in [row["reference"] for row in rows]
    assert "THEIRS" not in [row["reference"] for row in rows]


def test_who_has_written_nothing_is_told_where_to_begin(client, participant):
    client.force_login(participant)
    assert "Nothing yet" in client.get("/my-responses/").content.decode()


def test_who_filed_hears_that_a_briefing_uses_the_words_and_where(submission, union, tmp_path):
    follow_filed(submission)
    briefing = build(submission, tmp_path)
    assert Citation.objects.filter(claim__briefing=briefing, submission=submission).exists()
    news = News.objects.get(topic=union.followings.get().topic)
    assert news.path == page_of(submission)
    assert news.text.startswith(f"Briefing 1 uses words of {submission.reference}")


def test_nobody_hears_of_words_that_were_not_used_or_are_not_followed(submission, tmp_path):
    build(submission, tmp_path)
    assert not News.objects.filter(topic__startswith="submission:").exists()


def test_a_withdrawn_submission_is_told_of_no_more(submission, union, tmp_path):
    follow_filed(submission)
    briefing = build(submission, tmp_path)
    News.objects.all().delete()
    Submission.objects.filter(pk=submission.pk).update(state="withdrawn")
    tell_cited(briefing)
    assert not News.objects.exists()


def test_telling_costs_the_same_for_many(
    submission, union, tmp_path, django_assert_max_num_queries
):
    follow_filed(submission)
    briefing = build(submission, tmp_path)
    with django_assert_max_num_queries(10) as one:
        tell_cited(briefing)
    others = Submission.objects.exclude(pk=submission.pk)
    others.update(author=union)
    for other in others:
        follow_filed(other)
    claim = briefing.claims.first()
    Citation.objects.bulk_create(Citation(claim=claim, submission=other) for other in others)
    News.objects.all().delete()
    with django_assert_max_num_queries(len(one)):
        tell_cited(briefing)
    assert News.objects.count() == 8
