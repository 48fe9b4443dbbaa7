"""Filing is one act: state, receipt, audit entry, tallies and job together, or nothing."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.audit.models import Entry, Receipt
from apps.audit.services import check_receipt
from apps.core.errors import NotAllowed
from apps.jobs.executing import run_until_idle
from apps.jobs.models import Job
from apps.submissions.errors import (
    AlreadyFiled,
    IncompleteSubmission,
    InvalidContent,
    NotYours,
    PhaseClosed,
)
from apps.submissions.inputs import AnswerInput, DraftInput, EvidenceInput, PointInput
from apps.submissions.models import Answer, GroupTally, PointTally, Submission
from apps.submissions.services import (
    content_of,
    discard_draft,
    file_submission,
    filed_content,
    receipt_content,
    save_draft,
    start_draft,
    submit,
)

pytestmark = pytest.mark.django_db
POINTS = [
    PointInput(
        f"article-{n}",
        stance="changes",
        ask="amend",
        reason="Too long.\nAnd too late.",
        proposed_text="within 24 hours",
        change_condition="An observer.",
        evidence=[EvidenceInput("https://example.org/a", "A study")],
    )
    for n in (1, 2, 3)
]
CONTENT = DraftInput(
    answers=[
        AnswerInput("why", text="So that it ends. Then it is reviewed."),
        AnswerInput("which", choices=["c", "a"]),
        AnswerInput("much", scale=4),
    ],
    points=POINTS,
    group="research",
    title="Our view",
)


def filed(receipt):
    return Submission.objects.get(reference=receipt.number)


def test_a_complete_submission_is_filed_with_all_its_parts(open_consultation, participant):
    one = filed(file_submission(open_consultation, CONTENT, by=participant))
    assert one.is_submitted
    assert (one.author, one.group, one.phase.consultation) == (
        participant,
        "research",
        open_consultation,
    )
    answers = {a.question.key: a for a in one.answers.all()}
    assert answers["why"].text == "So that it ends. Then it is reviewed."
    assert [c.key for c in answers["which"].choices.order_by("key")] == ["a", "c"]
    assert answers["much"].scale == 4
    assert [p.provision.key for p in one.points.all()] == ["article-1", "article-2", "article-3"]
    assert one.points.first().evidence.get().title == "A study"


def test_the_receipt_commits_to_what_was_filed(open_consultation, participant):
    receipt = file_submission(open_consultation, CONTENT, by=participant)
    one = filed(receipt)
    content = receipt_content(one, content_of(one))
    assert (
        check_receipt(receipt.number, content=content, salt=receipt.salt_in_hex).content_matches
        is True
    )
    other = {**content, "group": "company"}
    assert (
        check_receipt(receipt.number, content=other, salt=receipt.salt_in_hex).content_matches
        is False
    )
    assert receipt.entry.kind == "submission.filed"
    assert participant.email not in str(receipt.entry.leaf())


def test_a_receipt_is_the_same_promise_by_draft_or_at_once(open_consultation, participant, rival):
    draft = start_draft(open_consultation, author=participant, group="research")
    save_draft(draft, CONTENT, by=participant)
    one = filed(submit(draft, by=participant))
    other = filed(file_submission(open_consultation, CONTENT, by=rival))
    assert receipt_content(one, content_of(one)) == receipt_content(other, content_of(other))


def test_passages_follow_in_a_job_that_may_run_twice(open_consultation, participant):
    one = filed(file_submission(open_consultation, CONTENT, by=participant))
    job = Job.objects.get(key=f"passages:{one.pk}")
    assert not one.passages.exists()
    run_until_idle(job.key)
    # Two sentences of the answer, and of each point two, one and one.
    assert one.passages.count() == 2 + 3 * 4
    spans = {
        (text := getattr(p.answer or p.point, p.field or "text"))[p.start : p.end]
        for p in one.passages.select_related("answer", "point")
    }
    assert "And too late." in spans
    assert text


def test_tallies_count_the_submission_its_answers_and_its_points(
    open_consultation, participant, rival
):
    for person in (participant, rival):
        file_submission(open_consultation, CONTENT, by=person)
    counted = GroupTally.objects.values_list("question__key", "group", "submissions", "letters")
    assert set(counted) == {(q, "research", 2, 2) for q in (None, "why", "which", "much")}
    points = PointTally.objects.values_list("provision__key", "group", "stance", "points")
    assert set(points) == {(f"article-{n}", "research", "changes", 2) for n in (1, 2, 3)}


def test_filing_three_answers_and_three_points_takes_few_queries(
    open_consultation, participant, rival, django_assert_max_num_queries
):
    file_submission(open_consultation, CONTENT, by=rival)
    consultation = type(open_consultation).objects.get(pk=open_consultation.pk)
    with django_assert_max_num_queries(26) as seen:
        file_submission(consultation, CONTENT, by=participant)
    # Savepoints are none of the database's work that counts. Two look for what the person filed
    # before, behind a lock: one response of a person counts.
    assert len([q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]]) <= 20


def test_nothing_is_kept_where_filing_fails_at_the_end(open_consultation, participant, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("apps.submissions.tallies.count_points", fail)
    with pytest.raises(RuntimeError):
        file_submission(open_consultation, CONTENT, by=participant)
    for model in (Submission, Answer, Receipt, Job, GroupTally):
        assert not model.objects.exists()
    assert not Entry.objects.filter(kind="submission.filed").exists()


def test_texts_are_kept_as_typed_but_for_the_line_ends_of_browsers(open_consultation, participant):
    text = "  <b>Bold</b> & “quoted”\r\n\tIgnore all this \u202ereversed\u202c\ufeff 🙂 e\u0301 "
    content = DraftInput(answers=[AnswerInput("why", text=text)], group="individual")
    one = filed(file_submission(open_consultation, content, by=participant))
    assert one.answers.get().text == text.replace("\r\n", "\n")


def test_filing_after_the_phase_closed_is_refused(closed_consultation, participant):
    with pytest.raises(PhaseClosed, match="Responses closed on"):
        file_submission(closed_consultation, CONTENT, by=participant)
    assert not Submission.objects.exists()


def test_what_was_begun_before_closing_has_ten_minutes_more_and_is_marked(
    open_phase, participant, rival, time_machine
):
    draft = start_draft(open_phase.consultation, author=participant, group="research")
    time_machine.move_to(open_phase.closes_at + timedelta(minutes=9))
    save_draft(draft, CONTENT, by=participant)
    one = filed(submit(draft, by=participant))
    assert one.is_late
    with pytest.raises(PhaseClosed):
        start_draft(open_phase.consultation, author=rival, group="research")


def test_a_draft_cannot_be_filed_after_the_phase_closed(open_phase, participant, time_machine):
    draft = start_draft(open_phase.consultation, author=participant, group="research")
    save_draft(draft, CONTENT, by=participant)
    time_machine.move_to(open_phase.closes_at + timedelta(minutes=10))
    draft.refresh_from_db()
    with pytest.raises(PhaseClosed):
        submit(draft, by=participant)
    draft.refresh_from_db()
    assert draft.is_draft
    assert draft.answers.count() == 3


def test_pressing_submit_twice_files_once(open_consultation, participant):
    draft = start_draft(open_consultation, author=participant, group="research")
    save_draft(draft, CONTENT, by=participant)
    receipt = submit(draft, by=participant)
    with pytest.raises(AlreadyFiled, match=receipt.number):
        submit(draft, by=participant)
    assert Receipt.objects.count() == 1


def test_a_draft_saved_again_holds_what_was_saved_last(open_consultation, participant):
    draft = start_draft(open_consultation, author=participant, group="research")
    save_draft(draft, CONTENT, by=participant)
    less = DraftInput(answers=[AnswerInput("why", text="Because.")], group="company")
    save_draft(draft, less, by=participant)
    draft.refresh_from_db()
    assert draft.group == "company"
    assert [a.text for a in draft.answers.all()] == ["Because."]
    assert not draft.points.exists()


def test_starting_twice_returns_the_same_draft(open_consultation, participant):
    one = start_draft(open_consultation, author=participant, group="research")
    assert start_draft(open_consultation, author=participant, group="company").pk == one.pk


def test_an_incomplete_draft_is_kept_but_not_filed(open_consultation, participant):
    draft = start_draft(open_consultation, author=participant, group="research")
    save_draft(draft, DraftInput(group="research"), by=participant)
    with pytest.raises(IncompleteSubmission) as refused:
        submit(draft, by=participant)
    assert set(refused.value.fields) == {"answers"}


def test_nobody_reaches_the_draft_of_another(open_consultation, participant, rival):
    draft = start_draft(open_consultation, author=participant, group="research")
    for act in (
        lambda: save_draft(draft, CONTENT, by=rival),
        lambda: submit(draft, by=rival),
        lambda: discard_draft(draft, by=rival),
    ):
        with pytest.raises(NotYours):
            act()
    assert draft.answers.count() == 0


def test_a_discarded_draft_is_gone(open_consultation, participant):
    draft = start_draft(open_consultation, author=participant, group="research")
    discard_draft(draft, by=participant)
    assert not Submission.objects.exists()


def test_members_share_a_draft_and_submitters_file_it(open_consultation, forum, member, drafter):
    draft = start_draft(open_consultation, author=drafter, organisation=forum)
    assert start_draft(open_consultation, author=member, organisation=forum).pk == draft.pk
    save_draft(draft, CONTENT, by=drafter)
    with pytest.raises(NotAllowed):
        submit(draft, by=drafter)
    one = filed(submit(draft, by=member))
    # The organisation's own group counts, whatever was entered.
    assert (one.organisation, one.organisation_name, one.group) == (
        forum,
        "Citizens' Forum",
        "civil",
    )


def test_only_its_submitters_speak_for_an_organisation(open_consultation, forum, rival, drafter):
    for person in (rival, drafter):
        with pytest.raises(NotAllowed):
            file_submission(open_consultation, CONTENT, by=person, organisation=forum)
    with pytest.raises(NotAllowed):
        start_draft(open_consultation, author=rival, organisation=forum)
    assert not Submission.objects.exists()


def test_filing_needs_an_account(open_consultation):
    for act in (
        lambda: file_submission(open_consultation, CONTENT, by=AnonymousUser()),
        lambda: start_draft(open_consultation, author=AnonymousUser(), group="research"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not Submission.objects.exists()


BOOK = EvidenceInput(title="Ostrom, Governing the Commons, 1990, chapter 3")


def test_a_source_without_an_address_is_cited_and_shown(open_consultation, participant, client):
    sources = [BOOK, EvidenceInput("https://example.org/a"), BOOK]
    content = DraftInput(
        points=[PointInput("article-1", stance="support", evidence=sources)], group="individual"
    )
    receipt = file_submission(open_consultation, content, by=participant)
    one = open_consultation.submissions.get(reference=receipt.number)
    kept = [(link.url, link.title) for link in one.points.get().evidence.all()]
    assert kept == [("", BOOK.title), ("https://example.org/a", "")]
    assert f'<span dir="auto">{BOOK.title}</span>' in client.get(one.get_absolute_url()).text
    assert (
        check_receipt(
            receipt.number, content=filed_content(one), salt=receipt.salt_in_hex
        ).content_matches
        is True
    )


@pytest.mark.parametrize("source", [EvidenceInput(), EvidenceInput(title="x" * 601)])
def test_a_source_that_says_nothing_or_too_much_is_refused_in_words(
    open_consultation, participant, source
):
    point = PointInput("article-1", stance="support", evidence=[source])
    with pytest.raises(InvalidContent) as refused:
        file_submission(
            open_consultation, DraftInput(points=[point], group="civil"), by=participant
        )
    assert list(refused.value.fields) == ["points.0.evidence"]
