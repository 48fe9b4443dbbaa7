"""Who may do what in a host's workspace."""

from typing import Any

import rules

from apps.consultations.models import Consultation, Host, HostRole


def has_role(user: Any, host: Host, *roles: str) -> bool:
    """Return whether a person holds one of the roles (any, where none is named) of a host."""
    if not user.is_authenticated:
        return False
    held = HostRole.objects.filter(user=user, host=host)
    return (held.filter(role__in=roles) if roles else held).exists()


def roles_of(user: Any, host: Host) -> frozenset[str]:
    """Return the roles a person holds, for a page that asks for several: one query."""
    if not user.is_authenticated:
        return frozenset()
    return frozenset(HostRole.objects.filter(user=user, host=host).values_list("role", flat=True))


@rules.predicate
def is_staff_of_host(user: Any, consultation: Consultation) -> bool:
    """Any role opens the workspace."""
    return has_role(user, consultation.host)


@rules.predicate
def may_edit(user: Any, consultation: Consultation) -> bool:
    """Owners and editors change a consultation."""
    return has_role(user, consultation.host, *HostRole.EDITORS)


@rules.predicate
def may_analyse(user: Any, consultation: Consultation) -> bool:
    """Owners, editors and analysts start briefings."""
    return has_role(user, consultation.host, *HostRole.ANALYSTS)


@rules.predicate
def may_moderate(user: Any, consultation: Consultation) -> bool:
    """Owners and moderators decide about what people filed."""
    return has_role(user, consultation.host, *HostRole.MODERATORS)


@rules.predicate
def may_audit(user: Any, consultation: Consultation) -> bool:
    """Data-protection officers read the record, and what is kept back in numbers."""
    return has_role(user, consultation.host, *HostRole.AUDITORS)


rules.add_perm("consultations.open_workspace", is_staff_of_host)
rules.add_perm("consultations.edit", may_edit)
rules.add_perm("consultations.analyse", may_analyse)
rules.add_perm("consultations.moderate", may_moderate)
rules.add_perm("consultations.audit", may_audit)
