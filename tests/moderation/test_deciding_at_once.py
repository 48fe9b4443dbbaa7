"""Moderators, readers and the author act in the same moment: one decision, one case."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from apps.moderation.errors import DecidedAlready, NothingThere
from apps.moderation.models import Case, Decision, Flag
from apps.moderation.services import DecisionInput, appeal, decide, decide_appeal, flag, open_case
from apps.submissions.models import HIDDEN
from apps.submissions.services import start_revision, submit
from tests.moderation.conftest import SECRET

pytestmark = pytest.mark.django_db(transaction=True)
HIDE = DecisionInput("hide", rule="hate", statement="It insults.")


@pytest.fixture
def at_once():
    """Return what does several things in the same moment: their results, or their refusals."""

    def done(acts):
        gate = Barrier(len(acts))

        def run(act):
            try:
                gate.wait()
                return act()
            except (DecidedAlready, NothingThere) as refusal:
                return refusal
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(acts)) as threads:
            return list(threads.map(run, acts))

    return done


def test_two_moderators_and_six_readers_make_one_decision(
    submission, moderator, second_moderator, at_once
):
    case = open_case(submission, "answer:why", by=moderator)
    deciding = [lambda who=who: decide(case, HIDE, by=who) for who in (moderator, second_moderator)]
    flagging = [lambda: flag(submission, "answer:why", rule="hate", by=None)] * 6
    found = at_once(deciding + flagging)
    assert sum(isinstance(one, DecidedAlready) for one in found) == 1
    assert sum(isinstance(one, Case) for one in found) == 6
    assert Decision.objects.count() == 1
    assert Flag.objects.count() == 6
    assert Case.objects.filter(state=Case.State.OPEN).count() <= 1


def test_one_reader_who_presses_twice_flags_once(submission, rival, at_once):
    found = at_once([lambda: flag(submission, "point:1", rule="hate", by=rival)] * 4)
    assert len({case.pk for case in found}) == 1
    assert Case.objects.get().flags == Flag.objects.count() == 1


def test_a_decision_and_a_revision_leave_no_words_that_nobody_looks_at(
    submission, author, moderator, at_once
):
    """Whoever comes second sees the other: a case waits on the new version, or it has blocks."""
    case = open_case(submission, "answer:why", by=moderator)
    draft = start_revision(submission, by=author)
    at_once([lambda: decide(case, HIDE, by=moderator), lambda: submit(draft, by=author)])
    draft.refresh_from_db()
    assert draft.is_submitted
    shows = SECRET in draft.answers.get().text
    is_waiting = Case.objects.waiting().filter(submission=draft).exists()
    assert is_waiting or not shows
    earlier = submission.answers.get().text
    assert HIDDEN in earlier or is_waiting


def test_an_appeal_is_decided_once(submission, author, moderator, second_moderator, host, at_once):
    decision = decide(open_case(submission, "", by=moderator), HIDE, by=moderator)
    lodged = appeal(decision, text="Look again.", by=author)
    found = at_once(
        [
            lambda outcome=outcome: decide_appeal(
                lodged, outcome=outcome, statement="So it is.", by=second_moderator
            )
            for outcome in ("upheld", "reversed")
        ]
    )
    assert sum(isinstance(one, DecidedAlready) for one in found) == 1
    decision.refresh_from_db()
    lodged.refresh_from_db()
    is_back = SECRET in submission.answers.get().text
    assert is_back == (lodged.outcome == "reversed") == (decision.reversed_at is not None)
