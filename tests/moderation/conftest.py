"""A filed submission with an answer and two points, and who moderates it."""

import pytest

from apps.consultations.models import HostRole
from apps.submissions.inputs import AnswerInput, DraftInput, EvidenceInput, PointInput
from apps.submissions.models import Submission
from apps.submissions.services import file_submission
from tests.factories import HostRoleFactory, UserFactory

SECRET = "Quillfeather of 12 Zanzibar Road"


def content(**changed):
    """Return what a private person files: words of somebody else stand in three places."""
    values = {
        "group": "individual",
        "language": "en",
        "title": "About the threshold",
        "answers": [AnswerInput("why", text=f"It must end. Ask {SECRET}. He knows more.")],
        "points": [
            PointInput(
                "article-1",
                stance="oppose",
                ask="delete",
                reason="Too late.\nquillfeather   of 12 ZANZIBAR road said so.",
                evidence=[EvidenceInput("https://example.org/quillfeather", "A study")],
            ),
            PointInput("article-2", stance="support", reason="Keep this one as it is."),
        ],
    }
    return DraftInput(**(values | changed))


@pytest.fixture
def author(db):
    return UserFactory(email="author@example.org", name="Audrey Author")


@pytest.fixture
def submission(open_consultation, author):
    receipt = file_submission(open_consultation, content(), by=author)
    return Submission.objects.get(reference=receipt.number)


@pytest.fixture
def second_moderator(host):
    role = HostRole.Role.MODERATOR
    return HostRoleFactory(host=host, role=role, user__email="second@example.org").user
