"""What the page before filing says: who may file a draft, and how long it still can be filed."""

from typing import Any

from django import template

from apps.consultations.models import Phase
from apps.submissions.models import Submission

register = template.Library()


@register.simple_tag
def may_file(draft: Submission, user: Any) -> bool:
    """Return whether the reader may file it, as filing itself decides."""
    return bool(user.has_perm("accounts.submit_for", draft.organisation))


@register.simple_tag
def grace_of(draft: Submission) -> Phase | None:
    """Return the phase in whose minutes of grace the draft can still be filed, None outside."""
    phase = draft.consultation.phase_for(draft.kind)
    return phase if phase is not None and phase.is_in_grace(draft.created_at) else None
