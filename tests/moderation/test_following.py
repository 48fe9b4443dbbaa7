"""Revisions and withdrawals of what is looked at, or was decided about."""

import pytest

from apps.moderation.models import Case, Decision
from apps.moderation.services import appeal, flag
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import HIDDEN, Submission
from apps.submissions.services import save_draft, start_revision, submit, withdraw
from tests.moderation.cast import hidden, holds, index, redacted, reversed_for, shown_by_api
from tests.moderation.conftest import SECRET

pytestmark = pytest.mark.django_db


def revised(submission, *, by, text=""):
    draft = start_revision(submission, by=by)
    if text:
        content = DraftInput(answers=[AnswerInput("why", text=text)], group="individual")
        save_draft(draft, content, by=by)
    made = Submission.objects.get(reference=submit(draft, by=by).number)
    index(made)
    return made


def waiting(submission):
    return sorted(Case.objects.waiting().filter(submission=submission).values_list("part", "state"))


def test_a_case_goes_over_to_the_version_that_replaces_it(submission, author, rival):
    flag(submission, "point:1", rule="hate", by=rival)
    later = revised(submission, by=author)
    assert waiting(later) == [("point:1", "open")]
    assert Case.objects.get().flags == 1


def test_a_version_after_hidden_words_is_looked_at_however_late(
    submission, author, moderator, second_moderator
):
    decision = redacted(submission, SECRET, by=moderator)
    second = revised(submission, by=author)
    assert waiting(second) == [("", "open")]
    third = revised(second, by=author, text=f"Back again: {SECRET}.")
    assert waiting(third) == [("", "open")]
    Case.objects.waiting().update(state="decided")
    fourth = revised(third, by=author)
    assert waiting(fourth) == [("", "open")]
    Case.objects.waiting().update(state="decided")
    reversed_for(decision, author=author, by=second_moderator)
    fifth = revised(fourth, by=author)
    assert waiting(fifth) == []


def test_nothing_is_opened_where_nothing_was_hidden(submission, author):
    assert waiting(revised(submission, by=author)) == []


def test_an_appeal_stays_with_the_version_it_is_about(
    submission, author, moderator, second_moderator
):
    decision = hidden(submission, by=moderator, part="answer:why")
    appeal(decision, text="Look again.", by=author)
    later = revised(submission, by=author)
    assert waiting(submission) == [("answer:why", "appealed")]
    assert waiting(later) == [("", "open")]
    assert set(later.answers.get().text) == {HIDDEN}


def test_a_withdrawal_closes_everything_that_waits(submission, author, moderator, rival):
    flag(submission, "point:1", rule="hate", by=rival)
    decision = hidden(submission, by=moderator, part="answer:why")
    appeal(decision, text="Look again.", by=author)
    withdraw(submission, by=author)
    assert not Case.objects.waiting().exists()
    assert set(Case.objects.values_list("state", flat=True)) == {"closed"}


def test_a_withdrawn_one_tells_nothing_of_what_was_hidden(submission, author, moderator, client):
    hidden(submission, by=moderator, part="answer:why")
    assert shown_by_api(client, submission)["moderated"]
    withdraw(submission, by=author)
    assert shown_by_api(client, submission)["moderated"] == []


def test_words_put_back_by_a_revision_are_hidden_again_in_every_version(
    submission, author, moderator
):
    redacted(submission, SECRET, by=moderator)
    later = revised(submission, by=author, text=f"Ask {SECRET}.")
    assert holds(SECRET)
    redacted(later, SECRET, by=moderator)
    assert not holds(SECRET)
    assert Decision.objects.count() == 2


def test_a_revision_tells_programs_of_the_blocks_it_begins_with(
    submission, author, moderator, client
):
    redacted(submission, SECRET, by=moderator)
    later = revised(submission, by=author)
    told = shown_by_api(client, later)["moderated"]
    assert [(one["part"], one["start"], one["rule"]) for one in told] == [("", None, "personal")]
