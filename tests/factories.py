"""Makes rows for tests: one factory per model, each row complete and valid as it comes."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Membership, Organisation, User
from apps.consultations.models import (
    Choice,
    Consultation,
    Document,
    DocumentVersion,
    Host,
    HostRole,
    Phase,
    Provision,
    Question,
)
from apps.hearings.models import AgendaItem, Hearing, Speaker
from apps.submissions.models import Answer, Point, Stance, Submission

PASSWORD = "a long pass phrase"


def days(number):
    """Return the instant so many days from now; in the past where negative."""
    return timezone.now() + timedelta(days=number)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    slug = factory.Sequence(lambda n: f"organisation-{n}")
    group = StakeholderGroup.CIVIL_SOCIETY


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Membership.Role.SUBMITTER


class HostFactory(DjangoModelFactory):
    class Meta:
        model = Host

    name = factory.Sequence(lambda n: f"Host {n}")
    slug = factory.Sequence(lambda n: f"host-{n}")


class HostRoleFactory(DjangoModelFactory):
    class Meta:
        model = HostRole

    host = factory.SubFactory(HostFactory)
    user = factory.SubFactory(UserFactory)
    role = HostRole.Role.OWNER


class ConsultationFactory(DjangoModelFactory):
    """A published consultation without a phase; `PhaseFactory` opens it."""

    class Meta:
        model = Consultation

    host = factory.SubFactory(HostFactory)
    slug = factory.Sequence(lambda n: f"consultation-{n}")
    docket = factory.Sequence(lambda n: f"DOCKET-{n}")
    title = factory.Sequence(lambda n: f"Consultation {n}")
    authority = "The secretariat"
    published_at = factory.LazyFunction(lambda: days(-30))


class PhaseFactory(DjangoModelFactory):
    """An open comment phase; `is_closed=True` makes one that ended yesterday."""

    class Meta:
        model = Phase

    class Params:
        is_closed = factory.Trait(closes_at=factory.LazyFunction(lambda: days(-1)))
        is_to_come = factory.Trait(opens_at=factory.LazyFunction(lambda: days(1)))

    consultation = factory.SubFactory(ConsultationFactory)
    opens_at = factory.LazyFunction(lambda: days(-10))
    closes_at = factory.LazyFunction(lambda: days(10))


class ReplyPhaseFactory(PhaseFactory):
    """An open reply phase."""

    kind = Phase.Kind.REPLY


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    consultation = factory.SubFactory(ConsultationFactory)
    slug = factory.Sequence(lambda n: f"document-{n}")
    title = factory.Sequence(lambda n: f"Document {n}")


class DocumentVersionFactory(DjangoModelFactory):
    class Meta:
        model = DocumentVersion

    document = factory.SubFactory(DocumentFactory)
    number = 1


class ProvisionFactory(DjangoModelFactory):
    class Meta:
        model = Provision

    version = factory.SubFactory(DocumentVersionFactory)
    key = factory.Sequence(lambda n: f"article-{n}")
    position = factory.Sequence(lambda n: n + 1)
    heading = factory.Sequence(lambda n: f"Article {n}")
    text = "Each party shall report within 72 hours."


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    consultation = factory.SubFactory(ConsultationFactory)
    key = factory.Sequence(lambda n: f"question-{n}")
    position = factory.Sequence(lambda n: n + 1)
    text = factory.Sequence(lambda n: f"What do you think of matter {n}?")


class ChoiceFactory(DjangoModelFactory):
    class Meta:
        model = Choice

    question = factory.SubFactory(QuestionFactory, kind=Question.Kind.SINGLE)
    key = factory.Sequence(lambda n: f"choice-{n}")
    label = factory.Sequence(lambda n: f"Choice {n}")
    position = factory.Sequence(lambda n: n + 1)


class SubmissionFactory(DjangoModelFactory):
    """A filed submission, as the service leaves it but uncounted; tallies belong to the service."""

    class Meta:
        model = Submission

    class Params:
        is_withdrawn = factory.Trait(state=Submission.State.WITHDRAWN)

    consultation = factory.SubFactory(ConsultationFactory)
    state = Submission.State.SUBMITTED
    reference = factory.Sequence(lambda n: f"REF-{n:04d}")
    group = StakeholderGroup.INDIVIDUAL
    language = "en"
    submitted_at = factory.LazyFunction(lambda: days(-2))


class DraftFactory(SubmissionFactory):
    """A draft in an open comment phase."""

    phase = factory.SubFactory(PhaseFactory, consultation=factory.SelfAttribute("..consultation"))
    state = Submission.State.DRAFT
    author = factory.SubFactory(UserFactory)
    reference = None
    submitted_at = None


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = Answer

    submission = factory.SubFactory(SubmissionFactory)
    question = factory.SubFactory(
        QuestionFactory, consultation=factory.SelfAttribute("..submission.consultation")
    )
    text = "The threshold should be lower. Inspectors need access to the sites."


class PointFactory(DjangoModelFactory):
    class Meta:
        model = Point

    submission = factory.SubFactory(SubmissionFactory)
    provision = factory.SubFactory(
        ProvisionFactory,
        version__document__consultation=factory.SelfAttribute("....submission.consultation"),
    )
    number = factory.Sequence(lambda n: n + 1)
    stance = Stance.SUPPORT_WITH_CHANGES
    ask = Point.Ask.AMEND
    reason = "Seventy-two hours are too long."


class HearingFactory(DjangoModelFactory):
    """An announced hearing in ten days, two hours long, that takes requests until it starts."""

    class Meta:
        model = Hearing

    consultation = factory.SubFactory(ConsultationFactory)
    slug = factory.Sequence(lambda n: f"hearing-{n}")
    title = factory.Sequence(lambda n: f"Hearing {n}")
    starts_at = factory.LazyFunction(lambda: days(10))
    ends_at = factory.LazyAttribute(lambda made: made.starts_at + timedelta(hours=2))
    requests_close_at = factory.SelfAttribute("starts_at")
    place = "Room 3"
    state = Hearing.State.ANNOUNCED
    announced_at = factory.LazyFunction(lambda: days(-1))


class AgendaItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    hearing = factory.SubFactory(HearingFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Matter {n}")


class SpeakerFactory(DjangoModelFactory):
    """A private person who asked to speak and is not named."""

    class Meta:
        model = Speaker

    hearing = factory.SubFactory(HearingFactory)
    person = factory.SubFactory(UserFactory)
    group = StakeholderGroup.INDIVIDUAL
    minutes = 5
    position = 1
