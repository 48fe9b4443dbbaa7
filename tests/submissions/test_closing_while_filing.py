"""A phase is closed early while a hundred drafts are being submitted: none of them is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apps.audit.models import Receipt
from apps.consultations.models import Phase
from apps.consultations.services import close_early
from apps.submissions.errors import PhaseClosed
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import Submission
from apps.submissions.services import file_submission, save_draft, start_draft, submit
from tests.factories import UserFactory

DRAFTS = 100
CONTENT = DraftInput(answers=[AnswerInput("why", "Because it ends.")], group="individual")


def begin(consultation):
    author = UserFactory()
    draft = start_draft(consultation, author=author, group="individual")
    return save_draft(draft, CONTENT, by=author), author


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="threads cannot share the SQLite of the tests, in memory"
)
@pytest.mark.django_db(transaction=True)
def test_every_draft_begun_before_is_filed_with_a_receipt(open_consultation, owner):
    begun = [begin(open_consultation) for _number in range(DRAFTS)]
    phase = open_consultation.phases.get()

    def act(number):
        try:
            if number == DRAFTS // 3:
                close_early(phase, reason="The law was withdrawn.", by=owner)
            draft, author = begun[number]
            return submit(draft, by=author).number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(act, range(DRAFTS)))
    assert len(set(numbers)) == DRAFTS
    assert Receipt.objects.filter(number__in=numbers).count() == DRAFTS
    assert Submission.objects.filter(state=Submission.State.SUBMITTED).count() == DRAFTS
    assert Submission.objects.filter(is_late=True).exists()
    assert not Phase.objects.get().is_open


@pytest.mark.django_db
def test_what_is_begun_after_the_closing_is_refused_and_a_draft_of_before_is_kept(
    open_consultation, owner
):
    draft, author = begin(open_consultation)
    close_early(open_consultation.phases.get(), reason="The law was withdrawn.", by=owner)
    with pytest.raises(PhaseClosed):
        file_submission(open_consultation, CONTENT, by=UserFactory())
    with pytest.raises(PhaseClosed):
        start_draft(open_consultation, author=UserFactory(), group="individual")
    assert submit(draft, by=author).number
