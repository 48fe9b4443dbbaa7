"""Who may speak for an organisation."""

from typing import Any

import rules

from apps.accounts.models import Membership, Organisation

SUBMITTING_ROLES = Membership.SUBMITTING


@rules.predicate
def may_draft_for(user: Any, organisation: Organisation | None) -> bool:
    """Every member may draft."""
    return organisation is None or _role(user, organisation) is not None


@rules.predicate
def may_submit_for(user: Any, organisation: Organisation | None) -> bool:
    """Submitters and signatories may, once its name is listed; everybody may for themselves."""
    if organisation is None:
        return True
    return organisation.is_listed and _role(user, organisation) in SUBMITTING_ROLES


@rules.predicate
def may_manage(user: Any, organisation: Organisation) -> bool:
    """Signatories look after the organisation: its members and its details."""
    return _role(user, organisation) == Membership.Role.SIGNATORY


@rules.predicate
def may_decide_names(user: Any, organisation: Organisation) -> bool:
    """Operations staff decide on names, never on that of an organisation of their own."""
    return bool(user.is_staff) and _role(user, organisation) is None


@rules.predicate
def may_sign_for(user: Any, organisation: Organisation) -> bool:
    """Signatories only."""
    return _role(user, organisation) == Membership.Role.SIGNATORY


def _role(user: Any, organisation: Organisation) -> str | None:
    if not user.is_authenticated:
        return None
    membership = Membership.objects.filter(user=user, organisation=organisation).first()
    return membership.role if membership else None


rules.add_perm("accounts.draft_for", rules.is_authenticated & may_draft_for)
rules.add_perm("accounts.sign_for", rules.is_authenticated & may_sign_for)
rules.add_perm("accounts.submit_for", rules.is_authenticated & may_submit_for)
rules.add_perm("accounts.manage", rules.is_authenticated & may_manage)
rules.add_perm("accounts.decide_names", rules.is_authenticated & may_decide_names)
