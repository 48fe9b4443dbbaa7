"""An open consultation with a document and questions, and the people who use the API."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from apps.accounts.models import Membership, Organisation, User
from apps.accounts.services import make_token
from apps.consultations.services import (
    ConsultationInput,
    PhaseInput,
    ProvisionInput,
    QuestionInput,
    create_consultation,
    publish_version,
)
from apps.submissions import vocabulary
from apps.submissions.models import Answer, Submission


@pytest.fixture(autouse=True)
def _no_earlier_requests():
    cache.clear()


@pytest.fixture
def consultation(db):
    now = timezone.now()
    made = create_consultation(
        ConsultationInput(
            slug="pause",
            docket="PL-1",
            title="A pause",
            phases=[PhaseInput("comment", now - timedelta(days=1), now + timedelta(days=1))],
            questions=[
                QuestionInput("why", "Why?"),
                QuestionInput("how", "How?", kind="single", choices=[("a", "A"), ("b", "B")]),
                QuestionInput("much", "How much?", kind="scale"),
            ],
        ),
        publish=True,
    )
    provisions = [ProvisionInput(f"art-{n}", f"Article {n}", "It is so.") for n in range(1, 4)]
    publish_version(made, slug="draft", title="Draft", provisions=provisions)
    return made


@pytest.fixture
def person(db):
    return User.objects.create_user("person@example.org", "a long pass phrase")


@pytest.fixture
def organisation(person):
    made = Organisation.objects.create(name="Forum", slug="forum", group="civil")
    Membership.objects.create(user=person, organisation=made, role=Membership.Role.SUBMITTER)
    return made


@pytest.fixture
def bearer(person):
    """Headers of a program that may write for the person."""
    _token, text = make_token(person, name="test", scope="write")
    return {"Authorization": f"Token {text}"}


@pytest.fixture
def file_many(consultation):
    """Return a function that files so many submissions, several at each instant."""

    def file(count, **fields):
        question = consultation.questions.get(key="why")
        start = timezone.now() - timedelta(days=1)
        made = Submission.objects.bulk_create(
            Submission(
                consultation=consultation,
                reference=f"REF/{number}",
                group="civil" if number % 2 else "company",
                submitted_at=start + timedelta(minutes=number // 7),
                **{"state": Submission.State.SUBMITTED, **fields},
            )
            for number in range(count)
        )
        Answer.objects.bulk_create(
            Answer(submission=submission, question=question, text=f"Because of {submission.pk}.")
            for submission in made
        )
        vocabulary.write([submission.pk for submission in made])
        return made

    return file
