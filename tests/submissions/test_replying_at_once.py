"""A reply is filed in the same moment in which what it answers is withdrawn: one waits."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong

import pytest
from django.db import connection, transaction

from apps.submissions.errors import InvalidContent
from apps.submissions.models import Reply, Submission
from apps.submissions.services import file_submission, withdraw
from tests.submissions.reply_cast import content, reply

pytestmark = pytest.mark.django_db(transaction=True)
A_MOMENT = 0.5


@pytest.fixture(autouse=True)
def _several_writers():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: nothing happens at the same moment")


@pytest.fixture
def meanwhile():
    """Return what starts an act in a thread of its own and sees that it waits."""
    with ThreadPoolExecutor(1) as threads:

        def started(act):
            def done():
                try:
                    return act()
                finally:
                    connection.close()

            future = threads.submit(done)
            with pytest.raises(TookTooLong):
                future.result(A_MOMENT)
            return future

        yield started


def test_a_withdrawal_that_came_first_refuses_the_reply(target, participant, rival, meanwhile):
    given = content(reply(target))
    with transaction.atomic():
        withdraw(target, by=rival)
        filing = meanwhile(lambda: file_submission(target.consultation, given, by=participant))
    with pytest.raises(InvalidContent):
        filing.result()
    assert not Reply.objects.exists()


def test_a_reply_that_came_first_stands(target, participant, rival, meanwhile):
    with transaction.atomic():
        file_submission(target.consultation, content(reply(target)), by=participant)
        withdrawal = meanwhile(lambda: withdraw(target, by=rival))
    assert withdrawal.result().state == Submission.State.WITHDRAWN
    assert Reply.objects.visible_to(participant).get().target.is_withdrawn
