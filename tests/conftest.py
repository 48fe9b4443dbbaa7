"""The cast of the tests: who takes part, who runs consultations, and one consultation of each."""

import gc

import pytest
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from apps.accounts.models import Membership
from apps.consultations.models import HostRole
from tests.audit.emptying import tests_may_empty_the_log  # noqa: F401 - for all that commit
from tests.factories import (
    AnswerFactory,
    ChoiceFactory,
    ConsultationFactory,
    DocumentVersionFactory,
    HostFactory,
    HostRoleFactory,
    MembershipFactory,
    OrganisationFactory,
    PhaseFactory,
    PointFactory,
    ProvisionFactory,
    QuestionFactory,
    ReplyPhaseFactory,
    SubmissionFactory,
    UserFactory,
)

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile("plenary", deadline=None)
hypothesis_settings.load_profile("plenary")


def pytest_collection_finish():
    # What is loaded by now stays: looked through again and again, it took a tenth of the time.
    gc.freeze()


@pytest.fixture(autouse=True)
def language_of_the_site():
    """Let no test read what another asked for in another language."""
    yield
    translation.activate("en")


@pytest.fixture
def participant(db):
    """A person with an account and no organisation."""
    return UserFactory(email="participant@example.org", name="Pat Participant")


@pytest.fixture
def rival(db):
    """Another such person, who must not reach what belongs to the first."""
    return UserFactory(email="rival@example.org", name="Robin Rival")


@pytest.fixture
def forum(db):
    """A civil-society organisation."""
    return OrganisationFactory(name="Citizens' Forum", slug="citizens-forum")


@pytest.fixture
def member(forum):
    """A person who may submit for the forum."""
    return MembershipFactory(
        organisation=forum, user__email="member@example.org", role=Membership.Role.SUBMITTER
    ).user


@pytest.fixture
def drafter(forum):
    """A person who may draft for the forum, not submit."""
    return MembershipFactory(
        organisation=forum, user__email="drafter@example.org", role=Membership.Role.DRAFTER
    ).user


@pytest.fixture
def host(db):
    return HostFactory(name="Secretariat", slug="secretariat")


@pytest.fixture
def owner(host):
    return _staff(host, HostRole.Role.OWNER)


@pytest.fixture
def analyst(host):
    return _staff(host, HostRole.Role.ANALYST)


@pytest.fixture
def moderator(host):
    return _staff(host, HostRole.Role.MODERATOR)


@pytest.fixture
def stranger_to_the_host(db):
    """The owner of another host."""
    return HostRoleFactory(user__email="other-owner@example.org").user


@pytest.fixture
def open_phase(host):
    """The comment phase of a complete consultation that takes responses."""
    return PhaseFactory(consultation=_consultation(host, slug="open-consultation"))


@pytest.fixture
def closed_phase(host):
    """The comment phase, over since yesterday, of a complete consultation."""
    return PhaseFactory(
        consultation=_consultation(host, slug="closed-consultation"), is_closed=True
    )


@pytest.fixture
def open_consultation(open_phase):
    """Three provisions; questions "why" (text), "how" (one choice), "which" (several choices),
    "much" (scale), "position" (stance), and "turnover", asked of companies only."""
    return open_phase.consultation


@pytest.fixture
def closed_consultation(closed_phase):
    return closed_phase.consultation


@pytest.fixture
def reply_phase(closed_consultation):
    """The open reply phase of a consultation whose comment phase is over."""
    return ReplyPhaseFactory(consultation=closed_consultation)


@pytest.fixture
def target(reply_phase, rival):
    """A submission of the rival one can reply to: an answer to "why", a point on article 1."""
    made = SubmissionFactory(consultation=reply_phase.consultation, author=rival, group="company")
    question = made.consultation.questions.get(key="why")
    AnswerFactory(submission=made, question=question, text="It must end.")
    provision = made.consultation.documents.get().versions.get().provisions.get(key="article-1")
    PointFactory(submission=made, provision=provision, number=1)
    return made


def _staff(host, role):
    return HostRoleFactory(host=host, role=role, user__email=f"{role}@example.org").user


def _consultation(host, *, slug):
    made = ConsultationFactory(host=host, slug=slug)
    version = DocumentVersionFactory(document__consultation=made, document__slug="draft")
    for number in (1, 2, 3):
        ProvisionFactory(
            version=version, key=f"article-{number}", position=number, label=f"Article {number}"
        )
    kinds = {"why": "text", "how": "single", "which": "multiple", "much": "scale"}
    kinds |= {"position": "stance", "turnover": "text"}
    for position, (key, kind) in enumerate(kinds.items(), 1):
        question = QuestionFactory(
            consultation=made,
            key=key,
            position=position,
            kind=kind,
            text=f"{key.title()}?",
            groups=["company"] if key == "turnover" else [],
        )
        if kind in ("single", "multiple"):
            for number, choice in enumerate("abc", 1):
                ChoiceFactory(question=question, key=choice, position=number)
    return made
