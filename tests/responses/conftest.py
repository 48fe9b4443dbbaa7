"""What several people said, the jobs of a bulk response run at once, and what staff enters."""

import pytest

from apps.jobs.executing import run_until_idle
from apps.responses.ledger import LedgerFilter
from apps.responses.services import ResponseInput, respond_to_all
from apps.submissions import vocabulary
from apps.submissions.inputs import AnswerInput, DraftInput, PointInput
from apps.submissions.services import file_submission
from tests.factories import UserFactory

ENTERED = ResponseInput(decision="rejected", reason="The parties need the time.")


@pytest.fixture
def say(open_consultation):
    """File a submission with a point per (provision, stance) and an answer to "why"."""

    def filed(*points, group="individual", words="Too late.", by=None, consultation=None):
        place = consultation or open_consultation
        content = DraftInput(
            answers=[AnswerInput("why", "Because it ends.")],
            points=[PointInput(key, stance=stance, reason=words) for key, stance in points],
            group=group,
        )
        receipt = file_submission(place, content, by=by or UserFactory())
        said = place.submissions.get(reference=receipt.number)
        vocabulary.write([said.pk])  # a job does it after filing
        return said

    return filed


@pytest.fixture
def answer_all(open_consultation, owner):
    """Answer everything that matches, and run the jobs unless told to leave them."""

    def answered(entered=ENTERED, *, run=True, **asked):
        bulk = respond_to_all(open_consultation, LedgerFilter(**asked), entered, by=owner)
        if run:
            run_until_idle(bulk.job_key)
            bulk.refresh_from_db()
        return bulk

    return answered
