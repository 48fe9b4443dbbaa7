"""Default-deny permissions of the API and the bridge to each app's `rules.py`."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class DenyAll(BasePermission):
    """Refuse everything: a view that names no permission class is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:  # noqa: D102
        return False


class ReadOnly(BasePermission):
    """Allow safe methods; what is seen is decided by the queryset verb `visible_to(user)`."""

    def has_permission(self, request: Request, view: Any) -> bool:  # noqa: D102
        return request.method in ("GET", "HEAD", "OPTIONS")
