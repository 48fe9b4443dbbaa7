"""In a reply phase a submission answers points and answers of others, and nothing of its own."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import Membership
from apps.audit.services import check_receipt
from apps.notifications.models import Edition, Following, News
from apps.notifications.services import stop_mail
from apps.notifications.telling import sort_in
from apps.submissions.errors import IncompleteSubmission, InvalidContent, PhaseClosed
from apps.submissions.inputs import AnswerInput, DraftInput, EvidenceInput, PointInput, ReplyInput
from apps.submissions.models import (
    HIDDEN,
    GroupTally,
    JointParty,
    Point,
    PointTally,
    Reply,
    ReplyTally,
    Submission,
)
from apps.submissions.services import (
    content_of,
    file_submission,
    receipt_content,
    save_draft,
    start_draft,
    start_revision,
    submit,
    withdraw,
)
from tests.factories import (
    DraftFactory,
    MembershipFactory,
    OrganisationFactory,
    PhaseFactory,
    PointFactory,
    ReplyPhaseFactory,
    days,
)
from tests.submissions.reply_cast import content, filed, reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def phase(reply_phase):
    return reply_phase


@pytest.fixture
def consultation(reply_phase):
    return reply_phase.consultation


def fields_of(refused):
    return {place: str(messages[0]) for place, messages in refused.value.fields.items()}


def test_a_point_and_an_answer_of_somebody_else_are_answered_in_one_act(
    consultation, phase, target, participant
):
    sources = [EvidenceInput("https://example.org/a", "A study")]
    given = content(reply(target, evidence=sources), reply(target, "answer:why", kind="support"))
    one = filed(file_submission(consultation, given, by=participant))
    assert (one.is_reply, one.phase, one.is_submitted) == (True, phase, True)
    first, second = one.replies.order_by("number")
    assert (first.point, first.answered, first.kind) == (target.points.get(), target, "rebuttal")
    assert first.evidence.get().title == "A study"
    assert (second.answer, second.kind) == (target.answers.get(), "support")


def test_a_draft_of_replies_is_saved_signed_off_by_nobody_and_filed(
    consultation, target, participant
):
    draft = start_draft(consultation, author=participant, group="research", kind="reply")
    save_draft(draft, content(reply(target)), by=participant)
    again = start_draft(consultation, author=participant, group="research", kind="reply")
    assert again == draft
    receipt = submit(draft, by=participant)
    one = filed(receipt)
    held = receipt_content(one, content_of(one))
    assert held["replies"][0]["text"] == "It is not too long."
    assert (
        check_receipt(receipt.number, content=held, salt=receipt.salt_in_hex).content_matches
        is True
    )
    changed = {**held, "replies": [{**held["replies"][0], "text": "It is."}]}
    assert (
        check_receipt(receipt.number, content=changed, salt=receipt.salt_in_hex).content_matches
        is False
    )


def test_replies_are_no_comments_and_have_a_tally_of_their_own(consultation, target, participant):
    given = content(reply(target), reply(target, kind="question"))
    one = filed(file_submission(consultation, given, by=participant))
    assert not GroupTally.objects.filter(consultation=consultation).exists()
    assert not PointTally.objects.exists()
    assert one not in Submission.objects.filed()
    tallies = ReplyTally.objects.filter(consultation=consultation, group="research")
    assert dict(tallies.values_list("kind", "replies")) == {"rebuttal": 1, "question": 1}
    withdraw(one, by=participant)
    assert dict(tallies.values_list("kind", "replies")) == {"rebuttal": 0, "question": 0}
    assert not Reply.objects.visible_to(participant).exists()


def test_revised_replies_replace_the_earlier_ones_and_are_counted_once(
    consultation, target, participant
):
    sources = [EvidenceInput("https://example.org/a", "A study")]
    first = file_submission(consultation, content(reply(target, evidence=sources)), by=participant)
    draft = start_revision(filed(first), by=participant)
    assert content_of(draft).replies == content_of(filed(first)).replies
    save_draft(draft, content(reply(target, kind="evidence")), by=participant)
    one = filed(submit(draft, by=participant))
    assert filed(first).state == Submission.State.SUPERSEDED
    assert [r.submission for r in Reply.objects.visible_to(participant)] == [one]
    assert ReplyTally.objects.get(kind="rebuttal").replies == 0
    assert ReplyTally.objects.get(kind="evidence").replies == 1


def test_a_comment_phase_takes_no_replies(open_consultation, participant):
    made = PointFactory(submission__consultation=open_consultation, number=1).submission
    with pytest.raises(PhaseClosed, match="takes no replies"):
        file_submission(open_consultation, content(reply(made)), by=participant)
    draft = start_draft(open_consultation, author=participant, group="research")
    with pytest.raises(InvalidContent) as refused:
        save_draft(draft, content(reply(made)), by=participant)
    assert "reply phase" in fields_of(refused)["replies"]


def test_a_reply_phase_takes_no_answers_and_no_points(consultation, target, participant):
    own = DraftInput(answers=[AnswerInput("why", "So.")], group="research")
    with pytest.raises(PhaseClosed, match=r"Responses closed on .* can be answered now"):
        file_submission(consultation, own, by=participant)
    mixed = replace(own, points=[PointInput("article-1")], replies=[reply(target)])
    with pytest.raises(InvalidContent) as refused:
        file_submission(consultation, mixed, by=participant)
    assert set(fields_of(refused)) == {"answers", "points"}


def test_while_both_phases_are_open_each_takes_its_own(open_consultation, participant, rival):
    ReplyPhaseFactory(consultation=open_consultation)
    own = DraftInput(answers=[AnswerInput("why", "So.")], group="research")
    said = filed(file_submission(open_consultation, own, by=rival))
    answer = content(reply(said, "answer:why"))
    replied = filed(file_submission(open_consultation, answer, by=participant))
    assert (said.phase.kind, replied.phase.kind) == ("comment", "reply")
    drafts = {
        start_draft(open_consultation, author=participant, group="research", kind=kind)
        for kind in ("comment", "reply", "comment")
    }
    assert len(drafts) == 2


@pytest.mark.parametrize(
    ("times", "says"),
    [
        ({"opens_at": days(1)}, "Replies open on"),
        ({"closes_at": days(-1)}, "Replies closed on"),
    ],
)
def test_outside_the_phase_nothing_is_filed(consultation, phase, target, participant, times, says):
    type(phase).objects.filter(pk=phase.pk).update(**times)
    with pytest.raises(PhaseClosed, match=says):
        file_submission(consultation, content(reply(target)), by=participant)


def test_who_began_before_the_closing_has_ten_minutes_more(
    consultation, phase, target, participant
):
    draft = start_draft(consultation, author=participant, group="research", kind="reply")
    save_draft(draft, content(reply(target)), by=participant)
    with time_machine.travel(phase.closes_at + timedelta(minutes=9), tick=False):
        assert filed(submit(draft, by=participant)).is_late


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (Submission.State.WITHDRAWN, "withdrew this"),
        (Submission.State.SUPERSEDED, "by a newer version"),
    ],
)
def test_what_does_not_stand_cannot_be_answered(consultation, target, participant, state, says):
    Submission.objects.filter(pk=target.pk).update(state=state)
    with pytest.raises(InvalidContent) as refused:
        file_submission(consultation, content(reply(target)), by=participant)
    assert says in fields_of(refused)["replies.0.part"]


def test_words_that_are_not_public_cannot_be_answered(consultation, target, participant):
    point = target.points.get()
    for field, text in point.texts():
        setattr(point, field, HIDDEN * len(text))
    point.save()
    with pytest.raises(InvalidContent) as refused:
        file_submission(consultation, content(reply(target)), by=participant)
    assert "not public" in fields_of(refused)["replies.0.part"]
    Point.objects.filter(pk=point.pk).update(proposed_text=f"Stop {HIDDEN * 4} at once.")
    assert file_submission(consultation, content(reply(target)), by=participant)


@pytest.mark.parametrize(
    "part", ["point:2", "point:0", "answer:how", "answer:", "point:1:reason", "", "\0", "answer:\0"]
)
def test_what_is_not_there_cannot_be_answered(consultation, target, participant, part):
    with pytest.raises(InvalidContent) as refused:
        file_submission(consultation, content(reply(target, part)), by=participant)
    assert "nothing to answer" in fields_of(refused)["replies.0.part"]


def test_neither_another_consultation_nor_a_draft_can_be_answered(consultation, participant):
    elsewhere = PointFactory(number=1).submission
    draft = PointFactory(submission=DraftFactory(consultation=consultation), number=1).submission
    for made in (elsewhere, draft):
        given = ReplyInput(str(made.reference), "point:1", kind="support", text="So it is.")
        with pytest.raises(InvalidContent) as refused:
            file_submission(consultation, content(given), by=participant)
        assert "nothing to answer" in fields_of(refused)["replies.0.part"]


def test_a_reply_cannot_be_replied_to(consultation, target, participant, rival):
    one = filed(file_submission(consultation, content(reply(target)), by=participant))
    with pytest.raises(InvalidContent) as refused:
        file_submission(consultation, content(reply(one, "reply:1")), by=rival)
    assert "nothing to answer" in fields_of(refused)["replies.0.part"]


def test_nobody_replies_to_own_words(consultation, target, rival, member, forum):
    with pytest.raises(InvalidContent) as refused:
        file_submission(consultation, content(reply(target)), by=rival)
    assert "You wrote this yourself" in fields_of(refused)["replies.0.part"]
    Submission.objects.filter(pk=target.pk).update(organisation=forum, author=None)
    with pytest.raises(InvalidContent) as refused:
        file_submission(consultation, content(reply(target)), by=member, organisation=forum)
    assert "Your organisation wrote this" in fields_of(refused)["replies.0.part"]


def test_who_signed_a_joint_submission_does_not_reply_to_it(consultation, target):
    ally = MembershipFactory(
        organisation=OrganisationFactory(group="union"), role=Membership.Role.SUBMITTER
    )
    JointParty.objects.create(
        submission=target,
        organisation=ally.organisation,
        state="joined",
        seal="s",
        signed_at=timezone.now(),
    )
    with pytest.raises(InvalidContent) as refused:
        file_submission(
            consultation, content(reply(target)), by=ally.user, organisation=ally.organisation
        )
    assert "Your organisation wrote this" in fields_of(refused)["replies.0.part"]


@pytest.mark.parametrize(
    ("given", "place", "says"),
    [
        ({"kind": "applause"}, "replies.0.kind", "kinds offered"),
        ({"text": "a" * 100_001}, "replies.0.text", "Shorten this by 1"),
        ({"text": "nul \0"}, "replies.0.text", "cannot be shown"),
        ({"evidence": [EvidenceInput("a study")]}, "replies.0.evidence", "https://"),
    ],
)
def test_what_cannot_be_kept_is_named(consultation, target, participant, given, place, says):
    with pytest.raises(InvalidContent) as refused:
        file_submission(consultation, content(reply(target, **given)), by=participant)
    assert says in fields_of(refused)[place]


def test_what_is_missing_is_named(consultation, target, participant):
    draft = start_draft(consultation, author=participant, group="research", kind="reply")
    with pytest.raises(IncompleteSubmission) as refused:
        submit(draft, by=participant)
    assert set(fields_of(refused)) == {"replies"}
    save_draft(draft, content(reply(target, kind="", text=" ")), by=participant)
    with pytest.raises(IncompleteSubmission) as refused:
        submit(draft, by=participant)
    assert set(fields_of(refused)) == {"replies.0.kind", "replies.0.text"}


def test_one_thing_is_answered_once_in_each_way(consultation, target, participant):
    with pytest.raises(InvalidContent) as refused:
        file_submission(consultation, content(reply(target), reply(target)), by=participant)
    assert "twice in the same way" in fields_of(refused)["replies.1.kind"]
    one = filed(file_submission(consultation, content(reply(target)), by=participant))
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(
            submission=one, number=2, answered=target, point=target.points.get(), kind="rebuttal"
        )


def test_more_replies_than_fit_are_refused(consultation, target, participant):
    with pytest.raises(InvalidContent) as refused:
        file_submission(consultation, content(*[reply(target)] * 101), by=participant)
    assert "100 replies" in fields_of(refused)["replies"]


def test_what_is_withdrawn_while_a_reply_is_written_stands_in_the_way_of_filing(
    consultation, target, participant, rival
):
    draft = start_draft(consultation, author=participant, group="research", kind="reply")
    save_draft(draft, content(reply(target)), by=participant)
    withdraw(target, by=rival)
    with pytest.raises(InvalidContent) as refused:
        submit(draft, by=participant)
    assert "withdrew this" in fields_of(refused)["replies.0.part"]
    assert draft.replies.get().text == "It is not too long."


def test_a_filed_reply_survives_what_it_answers(consultation, target, participant, rival):
    one = filed(file_submission(consultation, content(reply(target)), by=participant))
    withdraw(target, by=rival)
    held = Reply.objects.visible_to(participant).get(submission=one)
    assert held.target.is_withdrawn
    assert (held.target.words, held.target.stance) == ("", "")


def test_who_follows_a_provision_hears_of_replies_to_points_on_it(
    consultation, target, participant
):
    file_submission(consultation, content(reply(target)), by=participant)
    topics = set(News.objects.values_list("topic", flat=True))
    assert f"provision:{consultation.slug}/article-1" in topics


def test_authors_hear_of_replies_once_a_day_unless_they_ended_it(
    open_consultation, participant, rival
):
    ReplyPhaseFactory(consultation=open_consultation)
    own = DraftInput(answers=[AnswerInput("why", "So.")], group="research")
    said = filed(file_submission(open_consultation, own, by=rival))
    following = rival.followings.get()
    assert (following.kind, following.frequency) == ("submission", "daily")
    file_submission(open_consultation, content(reply(said, "answer:why")), by=participant)
    sort_in()
    assert list(Following.objects.pending("daily", Edition.newest())) == [following]
    assert News.objects.get(topic=following.topic).text.startswith("New replies")
    stop_mail(rival.pk, "daily")
    assert not Following.objects.pending("daily", Edition.newest()).exists()


def test_whoever_files_and_every_signatory_follows_what_becomes_of_it(
    open_consultation, forum, member
):
    signatory = MembershipFactory(organisation=forum, role="signatory").user
    drafter = MembershipFactory(organisation=forum, role="drafter").user
    own = DraftInput(answers=[AnswerInput("why", "So.")], group="civil")
    said = filed(file_submission(open_consultation, own, by=member, organisation=forum))
    topic = f"submission:{open_consultation.slug}/{said.reference}"
    followers = Following.objects.filter(topic=topic, frequency="daily")
    assert set(followers.values_list("user", flat=True)) == {member.pk, signatory.pk}
    assert not drafter.followings.exists()


def test_a_consultation_names_its_reply_phase(consultation, phase):
    assert consultation.reply_phase() == phase
    assert consultation.current_phase() == phase
    assert PhaseFactory().consultation.reply_phase() is None
