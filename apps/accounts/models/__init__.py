"""People log in with e-mail; organisations speak through their members; programs send tokens."""

from apps.accounts.models.letters import Letter
from apps.accounts.models.organisations import (
    Invitation,
    Membership,
    Organisation,
    OrganisationQuerySet,
    RegisterNumber,
)
from apps.accounts.models.people import User, UserManager
from apps.accounts.models.tokens import AccessToken
from apps.accounts.models.verification import Review, Verification, VerificationQuerySet

__all__ = [
    "AccessToken",
    "Invitation",
    "Letter",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "RegisterNumber",
    "Review",
    "User",
    "UserManager",
    "Verification",
    "VerificationQuerySet",
]
