"""Whether the menu offers the workspace; who may open it is decided by its views."""

from typing import Any

from django import template
from django.core.cache import cache

from apps.consultations.models import HostRole

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
