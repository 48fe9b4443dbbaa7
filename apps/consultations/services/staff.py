"""Who works for a host, and as what."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.models import Host, HostRole
from apps.consultations.rules import has_role
from apps.core.errors import DomainError, NotAllowed


class UnknownColleague(DomainError):
    """Nobody here has this address, or the role is none."""

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


def appoint(host: Host, *, email: str, role: str, by: Any) -> HostRole:
    """Give a role to the person with an address, as an owner of the host.

    raises  NotAllowed; UnknownColleague where nobody has the address or the role is none
    """
    _require_owner(host, by)
    person = get_user_model().objects.filter(email__iexact=email.strip(), is_active=True).first()
    fields: dict[str, list[Any]] = {}
    if person is None:
        told = _("Nobody here has this address. Ask your colleague to make an account first.")
        fields["email"] = [told]
    if role not in HostRole.Role.values:
        fields["role"] = [_("Choose a role.")]
    if fields:
        raise UnknownColleague(_("Nobody was appointed."), fields=fields)
    return give_role(host, person, role, by=by)


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
