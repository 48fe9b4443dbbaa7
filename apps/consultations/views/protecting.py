"""The page for data-protection officers: counts of what is held, and where it can be looked at."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.consultations.models import HostRole
from apps.consultations.protecting import protection_of
from apps.consultations.rules import roles_of
from apps.consultations.views.workspace import read_consultation, show


@require_safe
@login_required
def protection(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what personal data is held, until when, who was given it, and what is public."""
    consultation = read_consultation(request, slug, HostRole.GUARDIANS)
    held = roles_of(request.user, consultation.host)
    context = {
        "consultation": consultation,
        "tab": "data-protection",
        "protection": protection_of(consultation),
        "may_edit": not held.isdisjoint(HostRole.EDITORS),
        "may_audit": not held.isdisjoint(HostRole.AUDITORS),
    }
    return show(request, "protection", context)
