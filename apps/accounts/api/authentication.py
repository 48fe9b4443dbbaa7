"""Log-in by token: one query, expiry checked, a read token never writes."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox import auth, crypto
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from apps.accounts.models import AccessToken, User


class TokenAuthentication(auth.TokenAuthentication):
    """The header `Authorization: Token …`; the database knows the digest of the token only."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        found: tuple[User, AccessToken] | None = super().authenticate(request)
        may_write = found is None or found[1].scope == AccessToken.Scope.WRITE
        if not may_write and request.method not in SAFE_METHODS:
            raise PermissionDenied(_("This token may only read. Make one that may write."))
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, AccessToken]:
        found = (
            AccessToken.objects.select_related("user")
            .filter(
                digest=crypto.hash_token(token.decode("utf-8", "replace")),
                expiry__gt=timezone.now(),
                user__is_active=True,
            )
            .first()
        )
        if found is None:
            raise AuthenticationFailed(_("This token is unknown, revoked or expired."))
        return found.user, found


class TokenScheme(KnoxTokenScheme):
    target_class = "apps.accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token ` and the text of a token made with POST /api/v1/tokens/.",
        }
