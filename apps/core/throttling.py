"""How often one person or one address may ask the API: generous, but bounded."""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

WINDOW_SECONDS = 60
MOST_PER_WINDOW = {"anonymous": 1_200, "person": 2_400}


class WindowThrottle(BaseThrottle):
    """Count the requests of each minute: one cache entry, however high the limit.

    The setting API_REQUESTS_PER_MINUTE replaces the limits {"anonymous": …, "person": …}.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Return whether the caller is below the limit of this minute."""
        limits: dict[str, int] = getattr(settings, "API_REQUESTS_PER_MINUTE", MOST_PER_WINDOW)
        if request.user.is_authenticated:
            kind, who = "person", str(request.user.pk)
        else:
            kind, who = "anonymous", self.get_ident(request)
        window = int(time.time() // WINDOW_SECONDS)
        key = f"throttle:{kind}:{who}:{window}"
        if cache.add(key, 1, 2 * WINDOW_SECONDS):
            return True
        try:
            return cache.incr(key) <= limits[kind]
        except ValueError:  # the entry was evicted between the two calls
            return True

    def wait(self) -> float:
        """Return the seconds until the next minute."""
        return WINDOW_SECONDS - time.time() % WINDOW_SECONDS


def tries(name: str, window: int) -> int:
    """Count one more try under a name, and return how many there were in this window (seconds)."""
    key = f"{name}:{int(time.time() // window)}"
    if cache.add(key, 1, window):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # the entry was evicted between the two calls
        return 1
