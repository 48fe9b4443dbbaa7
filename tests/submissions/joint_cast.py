"""What tests of drafting together share: a draft of the forum, an ally, what they sign."""

from apps.accounts.models import Membership
from apps.submissions.inputs import AnswerInput, DraftInput, PointInput
from apps.submissions.models import Submission
from apps.submissions.services import join, save_draft, seal_of, start_draft
from apps.submissions.services.joining import ReservationInput
from tests.factories import MembershipFactory, OrganisationFactory

CONTENT = DraftInput(
    answers=[AnswerInput("why", text="Because nobody pauses alone.")],
    points=[PointInput("article-3", stance="oppose", reason="Too late.")],
)
EDITED = DraftInput(answers=[AnswerInput("why", text="Because.")])


def drafted(consultation, forum, by, content=CONTENT):
    draft = start_draft(consultation, author=by, organisation=forum)
    return save_draft(draft, content, by=by)


def person_of(organisation, role=Membership.Role.SUBMITTER, **fields):
    return MembershipFactory(organisation=organisation, role=role, **fields).user


def ally(name, **fields):
    """An organisation with a submitter, named after it."""
    slug = name.lower().replace(" ", "-")
    made = OrganisationFactory(name=name, slug=slug, **fields)
    return made, person_of(made, user__email=f"{slug}@example.org")


def signed(party, by, text="", provisions=()):
    seal = seal_of(Submission.objects.get(pk=party.submission_id))
    return join(party, ReservationInput(text, provisions), seal=seal, by=by)


def filed_as(receipt):
    return Submission.objects.get(reference=receipt.number)
