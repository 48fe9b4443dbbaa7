"""How often one person or one address may ask the API: generous, but bounded."""

from typing import Any, cast

from django.conf import settings
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

RATES: dict[str, str | None] = {"anon": "1200/min", "user": "2400/min"}


class _ConfiguredRate:
    """The rate of a scope from the setting API_RATES; None there turns the throttle off."""

    def get_rate(self) -> str | None:
        rates: dict[str, str | None] = getattr(settings, "API_RATES", RATES)
        return rates[cast(Any, self).scope]


class AnonymousThrottle(_ConfiguredRate, AnonRateThrottle):
    """Requests without log-in, by address."""


class PersonThrottle(_ConfiguredRate, UserRateThrottle):
    """Requests of a person, by person."""

    def get_cache_key(self, request: Any, view: Any) -> Any:
        """Count a person, nobody else."""
        if not request.user.is_authenticated:
            return None  # counted by address already
        return super().get_cache_key(request, view)
