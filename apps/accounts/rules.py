"""Who may speak for an organisation."""

from typing import Any

import rules

from apps.accounts.models import Membership, Organisation

SUBMITTING_ROLES = (Membership.Role.SUBMITTER, Membership.Role.SIGNATORY)


@rules.predicate
def may_draft_for(user: Any, organisation: Organisation | None) -> bool:
    """Every member may draft."""
    return organisation is None or _role(user, organisation) is not None


@rules.predicate
def may_submit_for(user: Any, organisation: Organisation | None) -> bool:
    """Submitters and signatories may submit; everybody may submit for themselves."""
    if organisation is None:
        return True
    return _role(user, organisation) in SUBMITTING_ROLES


def _role(user: Any, organisation: Organisation) -> str | None:
    if not user.is_authenticated:
        return None
    membership = Membership.objects.filter(user=user, organisation=organisation).first()
    return membership.role if membership else None


rules.add_perm("accounts.draft_for", rules.is_authenticated & may_draft_for)
rules.add_perm("accounts.submit_for", rules.is_authenticated & may_submit_for)
