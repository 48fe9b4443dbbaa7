"""Who may decide, who may appeal, two at once; what the mails say, and do not say."""

import threading

import pytest
from django.core import mail
from django.db import connection
from django.utils import translation

from apps.accounts.models import Letter, Membership
from apps.moderation.errors import AppealClosed, DecidedAlready, OwnWords, SameModerator
from apps.moderation.models import Appeal, Case, Decision, Rule
from apps.moderation.services import (
    DecisionInput,
    appeal,
    decide,
    decide_appeal,
    flag,
    open_case,
)
from apps.submissions.errors import NotYours
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import JointParty
from apps.submissions.services import withdraw
from tests.factories import MembershipFactory, OrganisationFactory
from tests.moderation.cast import filed, hidden, holds, redacted, reversed_for, run_all
from tests.moderation.conftest import SECRET, content

KEEP = DecisionInput("keep", statement="It breaks no rule.")
HIDE = DecisionInput("hide", rule="hate", statement="It insults.", public_note="An insult.")


@pytest.fixture
def outbox(db):
    run_all()
    mail.outbox.clear()
    return mail.outbox


@pytest.mark.django_db
def test_whoever_belongs_to_who_withheld_its_name_decides_nothing(
    open_consultation, forum, moderator
):
    signer = MembershipFactory(organisation=forum, role=Membership.Role.SIGNATORY).user
    one = filed(
        open_consultation,
        DraftInput(answers=[AnswerInput("why", text="It ends.")], visibility="withheld"),
        by=signer,
        organisation=forum,
    )
    assert one.organisation is None
    case = open_case(one, "", by=moderator)
    MembershipFactory(organisation=forum, user=moderator, role=Membership.Role.DRAFTER)
    with pytest.raises(OwnWords):
        decide(case, KEEP, by=moderator)


@pytest.mark.django_db
@pytest.mark.parametrize("state", JointParty.PUBLIC)
def test_nor_whoever_belongs_to_a_party_of_a_joint_submission(submission, moderator, state):
    ally = OrganisationFactory()
    now = submission.submitted_at
    JointParty.objects.create(
        submission=submission,
        organisation=ally,
        state=state,
        seal="0" * 64,
        signed_at=now,
        left_at=now if state == "left" else None,
    )
    case = open_case(submission, "", by=moderator)
    MembershipFactory(organisation=ally, user=moderator)
    with pytest.raises(OwnWords):
        decide(case, KEEP, by=moderator)


@pytest.mark.django_db
def test_nobody_appeals_against_what_was_kept_or_reversed(
    submission, author, moderator, second_moderator
):
    kept = decide(open_case(submission, "point:1", by=moderator), KEEP, by=moderator)
    with pytest.raises(AppealClosed):
        appeal(kept, text="Look again.", by=author)
    gone = hidden(submission, by=moderator, part="point:2")
    reversed_for(gone, author=author, by=second_moderator)
    with pytest.raises(AppealClosed):
        appeal(gone, text="Look again.", by=author)


@pytest.mark.django_db
def test_what_was_withdrawn_is_neither_appealed_nor_given_back(
    submission, author, moderator, second_moderator
):
    first, second = (
        hidden(submission, by=moderator, part=part) for part in ("answer:why", "point:1")
    )
    lodged = appeal(first, text="Look again.", by=author)
    withdraw(submission, by=author)
    assert set(Case.objects.values_list("state", flat=True)) == {"closed", "decided"}
    with pytest.raises(DecidedAlready):
        decide_appeal(lodged, outcome="reversed", statement="So.", by=second_moderator)
    with pytest.raises(AppealClosed):
        appeal(second, text="Look again.", by=author)
    assert SECRET not in submission.answers.get().text


@pytest.mark.django_db
def test_the_colleagues_of_an_author_may_appeal_and_others_not(
    open_consultation, forum, member, drafter, moderator, rival
):
    one = filed(open_consultation, content(), by=member, organisation=forum)
    decision = hidden(one, by=moderator, part="point:1")
    for person in (rival, moderator):
        with pytest.raises(NotYours):
            appeal(decision, text="Look again.", by=person)
    assert appeal(decision, text="Look again.", by=drafter).outcome == ""


@pytest.mark.django_db
def test_another_moderator_of_the_same_decision_upholds_it_and_the_first_cannot(
    submission, author, moderator, owner
):
    lodged = appeal(hidden(submission, by=moderator), text="Look again.", by=author)
    for outcome in Appeal.Outcome.values:
        with pytest.raises(SameModerator):
            decide_appeal(lodged, outcome=outcome, statement="So.", by=moderator)
    decide_appeal(lodged, outcome="upheld", statement="It stays.", by=owner)
    assert Decision.objects.get().reversed_at is None


@pytest.mark.django_db
def test_an_appeal_moves_up_and_keeps_its_gravity(submission, author, moderator, rival):
    flag(submission, "answer:why", rule="threat", by=rival)
    decision = hidden(submission, by=moderator, part="answer:why")
    before = decision.case.rank
    appeal(decision, text="Look again.", by=author)
    assert Case.objects.get(pk=decision.case_id).rank == before - 5


@pytest.mark.django_db
def test_signatories_hear_what_was_hidden_and_reporters_do_not(
    open_consultation, forum, member, moderator, rival, outbox
):
    signer = MembershipFactory(
        organisation=forum, role=Membership.Role.SIGNATORY, user__email="signs@example.org"
    ).user
    one = filed(open_consultation, content(), by=member, organisation=forum)
    run_all()
    outbox.clear()
    flag(one, "answer:why", rule="personal", text="Look.", by=rival)
    redacted(one, SECRET, by=moderator, part="answer:why")
    run_all()
    assert sorted(message.to[0] for message in outbox) == sorted([member.email, signer.email])
    for message in outbox:
        said = message.subject + message.body
        for name in (moderator.email, rival.email, moderator.name, rival.name, "Look."):
            assert name not in said, name
        assert said.count(SECRET) == 1


@pytest.mark.django_db
def test_reporters_hear_that_it_was_kept_and_the_author_hears_nothing(
    submission, author, moderator, rival, participant, outbox
):
    case = flag(submission, "answer:why", rule="hate", by=rival)
    flag(submission, "answer:why", rule="hate", by=participant)
    flag(submission, "answer:why", rule="hate", by=None)
    participant.is_active = False
    participant.save()
    decide(case, KEEP, by=moderator)
    run_all()
    (message,) = outbox
    assert message.to == [rival.email]
    assert author.email not in message.body
    assert moderator.email not in message.body


@pytest.mark.django_db
def test_a_mail_is_in_one_language_whatever_the_moderator_reads(
    submission, moderator, author, outbox
):
    with translation.override("fr"):
        redacted(submission, SECRET, by=moderator)
    letter = Letter.objects.get(template="moderation/mail/hidden")
    assert letter.context["rule"] == "personal data of others"
    assert letter.context["definition"].startswith("It tells who somebody is")
    run_all()
    assert "personal data of others" in outbox[0].body
    assert outbox[0].to == [author.email]


@pytest.mark.django_db
def test_an_author_reads_of_a_decision_in_the_language_of_the_own_words(
    submission, moderator, author, outbox
):
    submission.language = "fr"
    submission.save()
    redacted(submission, SECRET, by=moderator)
    letter = Letter.objects.get(template="moderation/mail/hidden")
    with translation.override("fr"):
        rule = str(Rule.PERSONAL.label)
    assert (letter.language, letter.context["rule"]) == ("fr", rule)
    run_all()
    assert rule in outbox[0].body


@pytest.mark.django_db
def test_a_mail_lists_what_went_in_words_people_know(
    submission, moderator, second_moderator, author, outbox
):
    redacted(submission, SECRET, by=moderator, part="answer:why")
    hidden(submission, by=moderator)
    first, second = Letter.objects.filter(template="moderation/mail/hidden").order_by("pk")
    assert first.context["removed"] == [SECRET]
    told = second.context["removed"]
    assert "https://example.org/quillfeather" in told
    assert not [words for words in told if set(words) == {"█"}]
    assert "personal" not in told
    run_all()
    outbox.clear()
    decision = Decision.objects.get(case__part="")
    reversed_for(decision, author=author, by=second_moderator)
    run_all()
    told = {message.to[0]: message.subject + message.body for message in outbox}
    assert "Your words are back" in told[author.email]
    for text in told.values():
        assert second_moderator.email not in text
        assert moderator.email not in text


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_the_same_moment_decide_once(submission, moderator, second_moderator):
    case = open_case(submission, "answer:why", by=moderator)
    assert _at_once(lambda by: decide(case, HIDE, by=by), moderator, second_moderator) == [
        "DecidedAlready"
    ]
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_appeal_is_decided_once_by_two_at_the_same_moment(
    submission, author, moderator, second_moderator, owner
):
    lodged = appeal(hidden(submission, by=moderator), text="Look again.", by=author)

    def reverse(by):
        decide_appeal(lodged, outcome="reversed", statement="So.", by=by)

    assert _at_once(reverse, second_moderator, owner) == ["DecidedAlready"]
    assert holds(SECRET)


@pytest.mark.django_db
def test_a_moderator_may_decide_what_they_reported_themselves(submission, moderator):
    case = flag(submission, "answer:why", rule="hate", by=moderator)
    assert decide(case, HIDE, by=moderator).stands


@pytest.mark.django_db
def test_who_loses_the_role_decides_no_more(submission, host, moderator):
    case = open_case(submission, "", by=moderator)
    host.roles.filter(user=moderator).delete()
    with pytest.raises(Exception, match="owners and moderators"):
        decide(case, KEEP, by=moderator)


def _at_once(act, *people):
    """Let people do something at the same moment; return the names of what was refused."""
    ready, refused = threading.Barrier(len(people)), []

    def run(by):
        try:
            ready.wait()
            act(by)
        except Exception as error:  # noqa: BLE001 - told in the assertion
            refused.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[by]) for by in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return refused
