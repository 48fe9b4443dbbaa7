"""Seats in an organisation: offered by mail, taken, changed, given up; a signatory always stays."""

import secrets
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts import mailing
from apps.accounts.checking import end
from apps.accounts.errors import (
    AnotherAddress,
    InvalidOrganisation,
    InvitationOver,
    LastSignatory,
)
from apps.accounts.models import Invitation, Membership, Organisation, User
from apps.accounts.services.guests import require_account
from apps.audit import services as audit
from apps.core.display import display_text
from apps.core.errors import NotAllowed
from apps.core.tokens import digest_of

OPEN_FOR = timedelta(days=14)
MOST_INVITATIONS = 50
Role = Membership.Role


@transaction.atomic
def invite(organisation: Organisation, email: str, *, role: str, by: Any) -> Invitation:
    """Offer a seat by mail; a second offer to the same address replaces the first.

    raises  NotAllowed, InvalidOrganisation
    """
    _require_manager(organisation, by)
    address = email.strip().lower()
    _check_offer(organisation, address, role)
    token = secrets.token_urlsafe(24)
    invitation, _created = Invitation.objects.update_or_create(
        organisation=organisation,
        email=address,
        defaults={
            "role": role,
            "token_hash": digest_of(token),
            "created_at": timezone.now(),
            "expires_at": timezone.now() + OPEN_FOR,
        },
    )
    audit.record("organisation.invited", subject=organisation.slug, actor=by, detail={"role": role})
    link = mailing.absolute(reverse("accounts:invitation", args=[token]))
    context = {
        "name": display_text(organisation.name),
        "role": str(Role(role).label),
        "link": link,
        "by": str(by),
    }
    mailing.post(address, Invitation.MAIL, context, language=get_language() or "")
    return invitation


def invitation_of(token: str) -> Invitation:
    """Return the invitation behind the link of a mail; raise InvitationOver where it is gone."""
    waiting = Invitation.objects.select_related("organisation")
    found = waiting.filter(token_hash=digest_of(token)).first()
    if found is None or found.is_over:
        raise InvitationOver(
            _("This invitation was used, withdrawn or is older than 14 days. Ask for a new one.")
        )
    return found


def is_for(invitation: Invitation, person: Any) -> bool:
    """Return whether an invitation was sent to an address of this person."""
    if not person.is_authenticated:
        return False
    confirmed = EmailAddress.objects.filter(user=person, verified=True)
    is_own = person.email == invitation.email
    return is_own or confirmed.filter(email__iexact=invitation.email).exists()


@transaction.atomic
def accept_invitation(token: str, *, by: User) -> Membership:
    """Take the seat; only whoever has confirmed the address it was sent to.

    raises  NeedsAccount, InvitationOver, AnotherAddress
    """
    require_account(by)
    invitation = invitation_of(token)
    if not is_for(invitation, by):
        raise AnotherAddress(
            _(
                "This invitation was sent to another address than yours. "
                "Log in with that one, or ask for an invitation to this one."
            )
        )
    organisation = invitation.organisation
    membership = Membership.objects.filter(organisation=organisation, user=by).first()
    invitation.delete()
    if membership is None:
        return add_member(organisation, by, role=invitation.role, by=by)
    return membership


@transaction.atomic
def decline_invitation(token: str) -> None:
    """Say no, or "this is not for me": nobody needs an account for that."""
    invitation = invitation_of(token)
    audit.record("organisation.invitation_declined", subject=invitation.organisation.slug)
    invitation.delete()


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Any) -> None:
    """Take an offer back; the link of its mail opens nothing any more."""
    _require_manager(invitation.organisation, by)
    audit.record(
        "organisation.invitation_withdrawn", subject=invitation.organisation.slug, actor=by
    )
    invitation.delete()


@transaction.atomic
def add_member(organisation: Organisation, user: User, *, role: str, by: Any) -> Membership:
    """Let a person draft, submit or sign for an organisation; a second call changes the role."""
    membership, _created = Membership.objects.update_or_create(
        organisation=organisation, user=user, defaults={"role": role}
    )
    audit.record(
        "organisation.member_added", subject=organisation.slug, actor=by, detail={"role": role}
    )
    return membership


@transaction.atomic
def change_role(membership: Membership, *, role: str, by: Any) -> Membership:
    """Give a member another role; raise NotAllowed, LastSignatory, InvalidOrganisation."""
    _require_manager(membership.organisation, by)
    if role not in Role.values:
        raise InvalidOrganisation(_("Choose a role."), fields={"role": [_("Choose a role.")]})
    if role != Role.SIGNATORY:
        _require_another_signatory(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    audit.record(
        "organisation.role_changed",
        subject=membership.organisation.slug,
        actor=by,
        detail={"role": role},
    )
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by: Any) -> None:
    """Take the right to speak for an organisation away, or give it up; what was filed stays.

    What was checked of an organisation ends with its last member.

    raises  NotAllowed for others than signatories, staff and oneself; LastSignatory, except for
            staff, who may have to take an organisation out of wrong hands
    """
    is_for_staff = by.is_staff and membership.user_id != by.pk
    if membership.user_id != by.pk and not is_for_staff:
        _require_manager(membership.organisation, by)
    if not is_for_staff:
        _require_another_signatory(membership)
    organisation = membership.organisation
    audit.record("organisation.member_removed", subject=organisation.slug, actor=by)
    membership.delete()
    if not organisation.memberships.exists():
        # Who proved it speaks for nobody here any more.
        end(organisation, organisation.verifications.all())


def _require_manager(organisation: Organisation, by: Any) -> None:
    if not by.has_perm("accounts.manage", organisation):
        raise NotAllowed(_("Only a signatory of the organisation can do this."))


def _require_another_signatory(membership: Membership) -> None:
    """Raise LastSignatory where others would stay behind with nobody who can sign."""
    # Two signatories who leave at the same moment wait for each other here.
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    others = Membership.objects.filter(organisation=membership.organisation_id)
    others = others.exclude(pk=membership.pk)
    may_sign = others.filter(role=Role.SIGNATORY, user__is_active=True)
    if membership.role != Role.SIGNATORY or may_sign.exists():
        return
    raise LastSignatory(
        _("You are the last signatory. Make another member signatory first.")
        if others.exists()
        else _("You are the last member. Invite somebody and make them signatory first.")
    )


def _check_offer(organisation: Organisation, address: str, role: str) -> None:
    problem = None
    try:
        validate_email(address)
    except ValidationError:
        problem = "email", _("Give an e-mail address, for example name@example.org.")
    if role not in Role.values:
        problem = "role", _("Choose a role.")
    if organisation.members.filter(email=address).exists():
        problem = "email", _("This person is a member already.")
    if organisation.invitations.exclude(email=address).count() >= MOST_INVITATIONS:
        problem = "email", _("Too many invitations wait for an answer. Withdraw some first.")
    if problem:
        raise InvalidOrganisation(problem[1], fields={problem[0]: [problem[1]]})
