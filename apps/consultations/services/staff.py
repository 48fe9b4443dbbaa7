"""Who works for a host, and as what."""

import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts import mailing
from apps.accounts.errors import AnotherAddress, InvitationOver
from apps.accounts.services.guests import require_account
from apps.audit import services as audit
from apps.consultations.models import Host, HostRole, RoleOffer
from apps.consultations.rules import has_role
from apps.core.errors import DomainError, NotAllowed
from apps.core.tokens import digest_of

OPEN_FOR = timedelta(days=14)
MOST_OFFERS = 50


class UnknownColleague(DomainError):
    """This is no address, or the role is none."""

    code = "unknown_colleague"
    status = 422


class LastOwner(DomainError):
    """A host without an owner could never get one again."""

    code = "last_owner"


@transaction.atomic
def give_role(host: Host, user: Any, role: str, *, by: Any = None) -> HostRole:
    """Give a person a staff role of a host; giving it twice changes nothing."""
    given, created = HostRole.objects.get_or_create(host=host, user=user, role=role)
    if created:
        audit.record("host.role_given", subject=host.slug, actor=by, detail={"role": role})
    return given


@transaction.atomic
def take_role(given: HostRole, *, by: Any = None) -> None:
    """Take a staff role of a host away."""
    audit.record("host.role_taken", subject=given.host.slug, actor=by, detail={"role": given.role})
    given.delete()


@transaction.atomic
def appoint(host: Host, *, email: str, role: str, by: Any) -> HostRole | RoleOffer:
    """Give a role to the person with an address, as an owner of the host.

    Whoever has no account here yet is offered the role by mail; a second offer replaces the first.

    raises  NotAllowed; UnknownColleague where this is no address or the role is none
    """
    _require_owner(host, by)
    address = email.strip().lower()
    _check(host, address, role)
    person = (
        get_user_model()
        .objects.filter(email__iexact=address, is_active=True, is_guest=False)
        .first()
    )
    if person is not None:
        return give_role(host, person, role, by=by)
    return _offer(host, address, role, by=by)


def offer_of(token: str) -> RoleOffer:
    """Return the offer behind the link of a mail; raise InvitationOver where it is gone."""
    found = RoleOffer.objects.select_related("host").filter(token_hash=digest_of(token)).first()
    if found is None or found.is_over:
        raise InvitationOver(
            _("This invitation was used, withdrawn or is older than 14 days. Ask for a new one.")
        )
    return found


@transaction.atomic
def accept_offer(token: str, *, by: Any) -> HostRole:
    """Take the role; only whoever has the address it was sent to.

    raises  NeedsAccount, InvitationOver, AnotherAddress
    """
    require_account(by)
    offer = offer_of(token)
    if by.email.lower() != offer.email:
        raise AnotherAddress(
            _(
                "This invitation was sent to another address than yours. "
                "Log in with that one, or ask for an invitation to this one."
            )
        )
    offer.delete()
    return give_role(offer.host, by, offer.role, by=by)


@transaction.atomic
def end_offer(offer: RoleOffer, *, by: Any = None) -> None:
    """Take an offer back as an owner of the host, or refuse it with its link: then by nobody."""
    if by is not None:
        _require_owner(offer.host, by)
    audit.record("host.offer_ended", subject=offer.host.slug, actor=by, detail={"role": offer.role})
    offer.delete()


def _check(host: Host, address: str, role: str) -> None:
    fields: dict[str, list[Any]] = {}
    try:
        validate_email(address)
    except ValidationError:
        fields["email"] = [_("This is no e-mail address.")]
    if role not in HostRole.Role.values:
        fields["role"] = [_("Choose a role.")]
    if host.offers.count() >= MOST_OFFERS:
        fields["email"] = [_("Too many invitations wait for an answer. Withdraw some first.")]
    if fields:
        raise UnknownColleague(_("Nobody was appointed."), fields=fields)


def _offer(host: Host, address: str, role: str, *, by: Any) -> RoleOffer:
    token = secrets.token_urlsafe(24)
    until = timezone.now() + OPEN_FOR
    offer, _is_new = RoleOffer.objects.update_or_create(
        host=host,
        email=address,
        role=role,
        defaults={"token_hash": digest_of(token), "expires_at": until},
    )
    audit.record("host.role_offered", subject=host.slug, actor=by, detail={"role": role})
    context = {
        "name": host.name,
        "role": str(HostRole.Role(role).label),
        "by": str(by),
        "link": mailing.absolute(reverse("consultations:offer", args=[token])),
    }
    mailing.post(address, "consultations/mail/offered", context, language=get_language() or "")
    return offer


@transaction.atomic
def dismiss(given: HostRole, *, by: Any) -> None:
    """Take a role away, as an owner of the host; raise NotAllowed, or LastOwner."""
    host = Host.objects.select_for_update().get(pk=given.host_id)
    _require_owner(host, by)
    owners = host.roles.filter(role=HostRole.Role.OWNER)
    if given.role == HostRole.Role.OWNER and not owners.exclude(pk=given.pk).exists():
        raise LastOwner(
            _("This is the only owner. Make somebody else an owner first, then take this role.")
        )
    take_role(given, by=by)


def _require_owner(host: Host, by: Any) -> None:
    if not has_role(by, host, HostRole.Role.OWNER):
        raise NotAllowed(_("Only an owner of the host decides who works for it."))
