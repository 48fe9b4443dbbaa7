"""Who may take in what came on paper, by e-mail or from another tool."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Consultation, HostRole
from apps.consultations.models.consultation import ConsultationQuerySet
from apps.consultations.rules import has_role
from apps.core.errors import NotAllowed

TAKERS_IN: tuple[str, ...] = (
    HostRole.Role.OWNER,
    HostRole.Role.EDITOR,
    HostRole.Role.MODERATOR,
)


def may_take_in(user: Any, consultation: Consultation) -> bool:
    """Owners, editors and moderators of the host enter what others sent."""
    return has_role(user, consultation.host, *TAKERS_IN)


def require_may_take_in(user: Any, consultation: Consultation) -> None:
    """Raise NotAllowed for everybody else."""
    if not may_take_in(user, consultation):
        raise NotAllowed(_("Only owners, editors and moderators of the host take in submissions."))


def taken_in_by(user: Any) -> ConsultationQuerySet:
    """Return the consultations of the hosts a person may take in submissions for."""
    if not user.is_authenticated:
        return Consultation.objects.none()
    held = HostRole.objects.filter(role__in=TAKERS_IN, user=user)
    return Consultation.objects.filter(host__in=held.values("host"))
