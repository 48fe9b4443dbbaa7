"""Decide about what was flagged: words go from every page, and come back exactly when appealed."""

import json

import pytest
from django.core import mail

from apps.accounts.models import Letter, Membership
from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.jobs.executing import run_until_idle
from apps.jobs.models import Job
from apps.moderation.errors import (
    AppealClosed,
    DecidedAlready,
    InvalidDecision,
    NothingThere,
    OwnWords,
    SameModerator,
)
from apps.moderation.models import Appeal, Case, Decision, Flag
from apps.moderation.services import (
    DecisionInput,
    appeal,
    decide,
    decide_appeal,
    flag,
    open_case,
)
from apps.submissions.errors import NotYours
from apps.submissions.models import HIDDEN, Passage, Submission, Vocabulary
from apps.submissions.services import (
    file_submission,
    filed_content,
    start_revision,
    submit,
    withdraw,
)
from apps.submissions.services.reusing import fitting
from tests.factories import MembershipFactory, UserFactory, days
from tests.moderation.conftest import SECRET, content

pytestmark = pytest.mark.django_db
REDACT = DecisionInput(
    "redact", rule="personal", words=[SECRET], statement="He did not agree.", public_note="A name."
)
HIDE = DecisionInput("hide", rule="hate", statement="It insults.")
KEEP = DecisionInput("keep", statement="It breaks no rule.")


def case_of(submission, part="", *, by):
    return open_case(submission, part, by=by)


def run_all():
    while job := Job.objects.due().first():
        run_until_idle(job.root)


def mails():
    return list(Letter.objects.all())


def rows(submission):
    """Return everything the rows of a submission say."""
    one = Submission.objects.get(pk=submission.pk)
    return {
        "title": one.title,
        "answers": list(one.answers.values_list("pk", "text", "stance")),
        "points": list(
            one.points.values_list("pk", "reason", "proposed_text", "change_condition", "stance")
        ),
        "sources": [
            list(point.evidence.values_list("pk", "url", "title")) for point in one.points.all()
        ],
        "words": Vocabulary.objects.filter(submission=one).values_list("words", flat=True).first(),
        "passages": list(
            Passage.objects.filter(submission=one)
            .order_by("answer", "point", "field", "start")
            .values_list("answer", "point", "field", "start", "end", "fingerprint")
        ),
    }


def test_redacted_words_are_blocks_in_every_text_and_offsets_stay(submission, moderator):
    run_all()
    before = rows(submission)
    decide(case_of(submission, by=moderator), REDACT, by=moderator)
    after = rows(submission)
    answer = after["answers"][0][1]
    assert answer == f"It must end. Ask {HIDDEN * len(SECRET)}. He knows more."
    reason = after["points"][0][1]
    assert len(reason) == len(before["points"][0][1])
    assert reason.startswith("Too late.\n" + HIDDEN)
    assert reason.endswith("road said so.".removeprefix("road"))
    assert "quillfeather" not in after["words"]
    assert "zanzibar" not in json.dumps(after, default=str).casefold()
    assert after["points"][1] == before["points"][1]


def test_a_sentence_with_hidden_words_is_no_passage(submission, moderator):
    run_all()
    decide(case_of(submission, by=moderator), REDACT, by=moderator)
    texts = [
        one.answer.text[one.start : one.end]
        for one in Passage.objects.filter(submission=submission, answer__isnull=False)
    ]
    assert texts == ["It must end.", "He knows more."]


@pytest.mark.parametrize("entered", [REDACT, HIDE])
@pytest.mark.parametrize("part", ["", "answer:why", "point:1"])
def test_a_reversed_decision_gives_back_exactly_what_stood_there(
    submission, author, moderator, second_moderator, entered, part
):
    run_all()
    before = rows(submission)
    decision = decide(
        case_of(submission, part, by=moderator),
        entered if part != "point:1" else DecisionInput("hide", rule="hate", statement="No."),
        by=moderator,
    )
    assert rows(submission) != before
    lodged = appeal(decision, text="It is public knowledge.", by=author)
    decide_appeal(lodged, outcome="reversed", statement="It is.", by=second_moderator)
    assert rows(submission) == before
    assert decision.case.decisions.get().reversed_at is not None


@pytest.mark.parametrize("first", [0, 1])
def test_two_decisions_that_overlap_come_back_in_either_order(
    submission, author, moderator, second_moderator, first
):
    run_all()
    before = rows(submission)
    made = [
        decide(case_of(submission, "answer:why", by=moderator), REDACT, by=moderator),
        decide(case_of(submission, "", by=moderator), HIDE, by=moderator),
    ]
    for one in (made[first], made[1 - first]):
        lodged = appeal(one, text="Look again.", by=author)
        decide_appeal(lodged, outcome="reversed", statement="Yes.", by=second_moderator)
        if one is made[first]:
            assert SECRET not in json.dumps(rows(submission), default=str)
    assert rows(submission) == before


def test_hiding_a_point_leaves_its_position_and_hides_its_sources(submission, moderator):
    decide(case_of(submission, "point:1", by=moderator), HIDE, by=moderator)
    point = submission.points.get(number=1)
    assert set(point.reason) == {HIDDEN, "\n"}
    assert point.stance == "oppose"
    assert list(point.evidence.values_list("url", "title")) == [("", HIDDEN * 10)]
    assert SECRET in submission.answers.get().text


def test_a_source_whose_address_holds_the_words_goes_whole(submission, moderator):
    entered = DecisionInput("redact", rule="personal", words=["quillfeather"], statement="Why.")
    decide(case_of(submission, "point:1", by=moderator), entered, by=moderator)
    assert submission.points.get(number=1).evidence.get().url == ""


def test_the_receipt_still_proves_what_was_filed(submission, moderator):
    before = filed_content(submission)
    decide(case_of(submission, by=moderator), REDACT, by=moderator)
    submission.refresh_from_db()
    assert filed_content(submission) == before
    assert SECRET in json.dumps(before)


def test_earlier_versions_are_hidden_too(submission, author, moderator):
    later = start_revision(submission, by=author)
    submit(later, by=author)
    later.refresh_from_db()
    decide(case_of(later, by=moderator), REDACT, by=moderator)
    for version in (submission, later):
        assert SECRET not in json.dumps(rows(version), default=str)


def test_a_revision_begins_without_the_words_and_is_looked_at_again(submission, author, moderator):
    decide(case_of(submission, "answer:why", by=moderator), REDACT, by=moderator)
    later = start_revision(submission, by=author)
    assert HIDDEN in later.answers.get().text
    assert SECRET not in later.answers.get().text
    assert later.points.get(number=1).evidence.get().url  # what stands is copied as it was filed
    submit(later, by=author)
    case = Case.objects.get(submission=later)
    assert (case.state, case.part) == ("open", "")


def test_copying_an_earlier_response_does_not_bring_words_back(submission, moderator):
    decide(case_of(submission, by=moderator), REDACT, by=moderator)
    found, _said = fitting(submission.consultation, submission)
    assert found
    assert not any(SECRET in fit.text for fit in found)


def test_a_cleared_earlier_version_survives_an_appeal(
    submission, author, moderator, second_moderator
):
    """A newer version that keeps parts back empties the earlier one: nothing is put into it."""
    decision = decide(case_of(submission, by=moderator), REDACT, by=moderator)
    submission.answers.update(text="")
    submission.points.update(reason="")
    lodged = appeal(decision, text="Look again.", by=author)
    decide_appeal(lodged, outcome="reversed", statement="Yes.", by=second_moderator)
    assert submission.answers.get().text == ""


def test_what_is_kept_changes_nothing_and_tells_who_flagged(submission, moderator, rival):
    run_all()
    before = rows(submission)
    case = flag(submission, "answer:why", rule="hate", by=rival)
    Letter.objects.all().delete()
    decide(case, KEEP, by=moderator)
    assert rows(submission) == before
    (letter,) = Letter.objects.all()
    run_all()
    assert mail.outbox[-1].to == [rival.email]
    assert "It breaks no rule." in mail.outbox[-1].body
    assert letter


def test_the_author_is_told_what_went_why_and_how_to_appeal(submission, author, moderator):
    run_all()
    mail.outbox.clear()
    decide(case_of(submission, by=moderator), REDACT, by=moderator)
    run_all()
    (message,) = mail.outbox
    assert message.to == [author.email]
    for said in (
        "He did not agree.",
        "personal data of others",
        SECRET,
        "ask that another moderator",
        "A person decided",
    ):
        assert said in message.body or said in message.subject, said
    assert moderator.email not in message.body


def test_nobody_decides_about_what_is_their_own(submission, author, host, moderator):
    host.roles.create(user=author, role="moderator")
    case = case_of(submission, by=moderator)
    with pytest.raises(OwnWords):
        decide(case, KEEP, by=author)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("role", Membership.Role.values)
def test_nor_about_what_their_organisation_filed(open_consultation, forum, member, moderator, role):
    receipt = file_submission(open_consultation, content(), by=member, organisation=forum)
    MembershipFactory(organisation=forum, user=moderator, role=role)
    filed = Submission.objects.get(reference=receipt.number)
    with pytest.raises(OwnWords):
        decide(case_of(filed, by=moderator), KEEP, by=moderator)


@pytest.mark.parametrize("who", ["participant", "analyst", "stranger_to_the_host", "author"])
def test_others_than_moderators_decide_nothing(submission, moderator, who, request):
    case = case_of(submission, by=moderator)
    with pytest.raises(NotAllowed):
        decide(case, KEEP, by=request.getfixturevalue(who))


@pytest.mark.parametrize(
    ("entered", "place"),
    [
        (DecisionInput("", statement="Why."), "action"),
        (DecisionInput("burn", statement="Why."), "action"),
        (DecisionInput("hide", statement="Why."), "rule"),
        (DecisionInput("hide", rule="rude", statement="Why."), "rule"),
        (DecisionInput("hide", rule="hate"), "statement"),
        (DecisionInput("hide", rule="hate", statement="x" * 2_001), "statement"),
        (DecisionInput("hide", rule="hate", statement="a\0b"), "statement"),
        (
            DecisionInput("hide", rule="hate", statement="Why.", public_note="x" * 301),
            "public_note",
        ),
        (DecisionInput("redact", rule="hate", statement="Why."), "words"),
        (DecisionInput("redact", rule="hate", statement="Why.", words=["x"]), "words"),
        (DecisionInput("redact", rule="hate", statement="Why.", words=["not there"]), "words"),
        (DecisionInput("redact", rule="hate", statement="Why.", words=["it"] * 51), "words"),
    ],
)
def test_a_decision_that_lacks_something_is_refused(submission, moderator, entered, place):
    before = rows(submission)
    with pytest.raises(InvalidDecision) as refusal:
        decide(case_of(submission, by=moderator), entered, by=moderator)
    assert list(refusal.value.fields) == [place]
    assert rows(submission) == before
    assert not Decision.objects.exists()


def test_a_case_is_decided_once(submission, moderator, second_moderator):
    case = case_of(submission, by=moderator)
    decide(case, KEEP, by=moderator)
    with pytest.raises(DecidedAlready):
        decide(case, HIDE, by=second_moderator)


def test_what_was_withdrawn_is_not_decided(submission, author, moderator):
    case = case_of(submission, by=moderator)
    withdraw(submission, by=author)
    case.refresh_from_db()
    assert case.state == "closed"
    with pytest.raises((DecidedAlready, NothingThere)):
        decide(case, HIDE, by=moderator)


def test_the_log_of_the_audit_names_nobody_and_holds_no_words(submission, moderator, rival):
    flag(submission, "answer:why", rule="hate", text=SECRET, by=rival)
    decide(case_of(submission, "answer:why", by=moderator), REDACT, by=moderator)
    entries = Entry.objects.filter(kind__in=["submission.flagged", "submission.moderated"])
    assert entries.count() == 2
    assert SECRET not in json.dumps([entry.leaf() for entry in entries], default=str)


def test_flags_make_one_case_and_are_counted_once_a_person(submission, rival, participant):
    for person in (rival, rival, participant, None, None):
        flag(submission, "point:1", rule="off_topic", by=person)
    case = Case.objects.get()
    assert (case.flags, case.state, case.group) == (4, "open", "individual")
    assert Flag.objects.filter(said_by=rival).count() == 1


def test_graver_rules_and_more_flags_come_first(submission, rival, participant):
    for part, rules in {"": ["off_topic"] * 3, "point:1": ["threat"], "point:2": ["hate"]}.items():
        for rule in rules:
            flag(submission, part, rule=rule, by=UserFactory())
    waiting = Case.objects.waiting().order_by("rank", "pk")
    assert [case.part for case in waiting] == ["point:1", "point:2", ""]


@pytest.mark.parametrize("part", ["answer:nothing", "point:9", "point:x", "page", "answer:why#2"])
def test_a_part_that_is_not_there_cannot_be_flagged(submission, part, rival):
    with pytest.raises(NothingThere):
        flag(submission, part, rule="hate", by=rival)


@pytest.mark.parametrize(
    ("given", "place"),
    [({"rule": ""}, "rule"), ({"rule": "x"}, "rule"), ({"text": "x" * 1_001}, "text")],
)
def test_a_flag_names_a_rule_and_says_little(submission, rival, given, place):
    with pytest.raises(InvalidDecision) as refusal:
        flag(submission, "", **({"rule": "hate"} | given), by=rival)
    assert list(refusal.value.fields) == [place]
    assert not Case.objects.exists()


@pytest.fixture
def decision(submission, moderator):
    return decide(case_of(submission, by=moderator), REDACT, by=moderator)


def test_an_appeal_is_not_decided_by_who_decided_first(decision, author, moderator):
    lodged = appeal(decision, text="Look again.", by=author)
    with pytest.raises(SameModerator):
        decide_appeal(lodged, outcome="upheld", statement="No.", by=moderator)
    assert Appeal.objects.get().outcome == ""


def test_only_who_wrote_it_appeals_once_and_in_time(decision, author, rival):
    with pytest.raises(NotYours):
        appeal(decision, text="Look again.", by=rival)
    appeal(decision, text="Look again.", by=author)
    with pytest.raises(AppealClosed):
        appeal(decision, text="And again.", by=author)


def test_after_half_a_year_it_is_too_late(decision, author):
    Decision.objects.update(decided_at=days(-184))
    with pytest.raises(AppealClosed):
        appeal(decision, text="Look again.", by=author)


def test_an_appeal_can_wait_beside_a_new_flag(decision, author, submission, rival):
    """A case on the same part that was opened since keeps nobody from appealing."""
    flag(submission, "", rule="threat", by=rival)
    appeal(decision, text="Look again.", by=author)
    assert Case.objects.waiting().count() == 2


@pytest.mark.parametrize(
    ("outcome", "statement"), [("", "Why."), ("maybe", "Why."), ("upheld", " ")]
)
def test_an_appeal_is_decided_with_outcome_and_reasons(
    decision, author, second_moderator, outcome, statement
):
    lodged = appeal(decision, text="Look again.", by=author)
    with pytest.raises(InvalidDecision):
        decide_appeal(lodged, outcome=outcome, statement=statement, by=second_moderator)


def test_a_moderator_who_wrote_it_decides_no_appeal(decision, author, host):
    lodged = appeal(decision, text="Look again.", by=author)
    host.roles.create(user=author, role="owner")
    with pytest.raises(OwnWords):
        decide_appeal(lodged, outcome="reversed", statement="Mine.", by=author)


def test_moderators_hear_of_an_appeal_but_for_who_decided(
    decision, author, moderator, second_moderator
):
    run_all()
    mail.outbox.clear()
    appeal(decision, text="Look again.", by=author)
    run_all()
    assert [message.to for message in mail.outbox] == [[second_moderator.email]]


def test_an_upheld_decision_stands(decision, author, submission, second_moderator):
    lodged = appeal(decision, text="Look again.", by=author)
    decide_appeal(lodged, outcome="upheld", statement="It stays.", by=second_moderator)
    assert SECRET not in submission.answers.get().text
    assert lodged.decision.case.state == "appealed" or Case.objects.get().state == "closed"
    with pytest.raises(DecidedAlready):
        decide_appeal(lodged, outcome="reversed", statement="No.", by=second_moderator)
