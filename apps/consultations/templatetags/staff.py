"""What of the workspace the menu offers; who may open it is decided by its views."""

from typing import Any

from django import template
from django.core.cache import cache

from apps.consultations.models import Consultation, HostRole
from apps.consultations.rules import roles_of
from apps.consultations.sections import Tab, tabs_for

register = template.Library()

KEPT_SECONDS = 60  # the menu of every page: a new role shows up within a minute


@register.filter
def works_for_a_host(user: Any) -> bool:
    """Return whether a person has a staff role of any host."""
    if not user or not user.is_authenticated:
        return False
    key = f"works-for-a-host:{user.pk}:{user.date_joined.timestamp()}"
    return bool(
        cache.get_or_set(key, HostRole.objects.filter(user=user).exists, timeout=KEPT_SECONDS)
    )


@register.filter
def workspace_tabs(consultation: Consultation, user: Any) -> list[Tab]:
    """Return the pages of the workspace of a consultation that a person's roles are for."""
    return tabs_for(roles_of(user, consultation.host))
