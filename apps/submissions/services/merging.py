"""Merging organisations: what a duplicate filed, signed and drafted belongs to the other one."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts import services as accounts
from apps.accounts.errors import InvalidOrganisation
from apps.accounts.models import Organisation
from apps.consultations.models import Stakeholder
from apps.notifications import services as notifications
from apps.notifications.models import Kind
from apps.submissions.models import CoSignature, JointParty, RegisteredCampaign, Submission
from apps.submissions.services.cosigning import withdraw_double

State = Submission.State
# Every column that names an organisation, and how a merge treats it: the tests compare this with
# the models, so that a new one is not forgotten.
CARRIED = frozenset(
    [
        "Membership.organisation",  # seats, see apps/accounts/services/merging.py
        "Invitation.organisation",
        "RegisterNumber.organisation",
        "Verification.organisation",
        "Organisation.merged_into",
        "Organisation.resembles",  # stays: what staff looked at then
        "Submission.organisation",
        "Submission.withheld_for",
        "RegisteredCampaign.organisation",
        "CoSignature.organisation",
        "JointParty.organisation",
        "Stakeholder.organisation",
        "Speaker.organisation",  # a higher app carries it, see `when_merged`
    ]
)
Carry = Callable[[Organisation, Organisation], None]
_carries: list[Carry] = []


def when_merged(carry: Carry) -> Carry:
    """Register what a higher app does when a duplicate becomes part of another organisation."""
    if carry not in _carries:
        _carries.append(carry)
    return carry


@transaction.atomic
def merge_organisations(
    duplicate: Organisation, into: Organisation, *, reason: str, by: Any
) -> Organisation:
    """Make a duplicate part of the organisation it is, with everything that is its own.

    What was filed keeps its words, name and receipt; only whose it is changes. Where both are in
    one joint submission or campaign, the record stays as it was signed, and counts once.

    raises  NotAllowed, InvalidOrganisation; also where both hold a draft in one phase, since no
            draft may be lost or become part of another
    """
    whole = accounts.merge(duplicate, into, reason=reason, by=by)
    _require_single_drafts(duplicate, into)
    Submission.objects.filter(organisation=duplicate).update(organisation=into)
    Submission.objects.filter(withheld_for=duplicate).update(withheld_for=into)
    _carry_parties(duplicate, into)
    RegisteredCampaign.objects.filter(organisation=duplicate).update(organisation=into)
    _carry_signatures(duplicate, into)
    Stakeholder.objects.filter(organisation=duplicate).update(organisation=into)
    for carry in _carries:
        carry(duplicate, into)
    notifications.rename(
        Kind.ORGANISATION,
        duplicate.slug,
        into.slug,
        title=into.name,
        path=reverse("submissions:organisation", args=[into.slug]),
    )
    return whole


def _require_single_drafts(duplicate: Organisation, into: Organisation) -> None:
    drafts = Submission.objects.filter(state=State.DRAFT, phase__isnull=False)
    twice = drafts.filter(
        organisation=duplicate,
        phase__in=drafts.filter(organisation=into).values("phase"),
    )
    titles = list(twice.values_list("consultation__title", flat=True).distinct()[:5])
    if titles:
        told = _(
            "Both have begun a response to: %(titles)s. File or discard one of the drafts first."
        ) % {"titles": ", ".join(titles)}
        raise InvalidOrganisation(told, fields={"into": [told]})


def _carry_parties(duplicate: Organisation, into: Organisation) -> None:
    """Carry the places in joint submissions, but where the other one leads or is party itself."""
    own = JointParty.objects.filter(organisation=duplicate)
    led = Submission.objects.filter(organisation=into).values("pk")
    joined = JointParty.objects.filter(organisation=into).values("submission")
    twice = own.filter(submission__in=led) | own.filter(submission__in=joined)
    # Of a draft it is dropped; what was filed says who signed, whoever they are today.
    twice.filter(submission__state=State.DRAFT).delete()
    own.exclude(submission__in=led).exclude(submission__in=joined).update(organisation=into)
    led_as_party = JointParty.objects.filter(organisation=into, submission__in=led)
    led_as_party.filter(submission__state=State.DRAFT).delete()


def _carry_signatures(duplicate: Organisation, into: Organisation) -> None:
    """Carry the signatures of campaigns; where both signed, or one wrote it, one is taken back."""
    campaigns = RegisteredCampaign.objects
    written = campaigns.filter(organisation=into).values("pk")
    signed = CoSignature.objects.filter(organisation=into).values("campaign")
    own = CoSignature.objects.filter(organisation=duplicate)
    double = own.filter(campaign__in=written) | own.filter(campaign__in=signed)
    double |= CoSignature.objects.filter(organisation=into, campaign__in=written)
    for signature in double.filter(state=CoSignature.State.CONFIRMED).select_related("campaign"):
        withdraw_double(signature)
    own.exclude(campaign__in=written).exclude(campaign__in=signed).update(organisation=into)
