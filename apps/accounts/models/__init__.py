"""People log in with e-mail; organisations speak through their members; programs send tokens."""

from apps.accounts.models.letters import Letter
from apps.accounts.models.organisations import Membership, Organisation, OrganisationQuerySet
from apps.accounts.models.people import User, UserManager
from apps.accounts.models.tokens import AccessToken

__all__ = [
    "AccessToken",
    "Letter",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "User",
    "UserManager",
]
