"""Tokens for the programs of a person: made, revoked."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from knox.settings import knox_settings

from apps.accounts.models import AccessToken, User
from apps.audit import services as audit
from apps.core.errors import DomainError

MOST_TOKENS = 20


class TooManyTokens(DomainError):
    """A person keeps a bounded number of tokens."""

    code = "too_many_tokens"


@transaction.atomic
def make_token(user: User, *, name: str, scope: str) -> tuple[AccessToken, str]:
    """Make a token that lives 30 days; return it with its text, which is shown this once only.

    raises  TooManyTokens where the person has 20 already
    """
    if AccessToken.objects.filter(user=user).count() >= MOST_TOKENS:
        raise TooManyTokens(
            _("You have %(count)d tokens, the most there can be. Revoke one you no longer use.")
            % {"count": MOST_TOKENS}
        )
    token, text = AccessToken.objects.create(
        user, expiry=knox_settings.TOKEN_TTL, name=name, scope=scope
    )
    audit.record("token.made", subject=str(token.number), actor=user, detail={"scope": token.scope})
    return token, text


@transaction.atomic
def revoke_token(token: AccessToken, *, by: User) -> None:
    """Delete a token; programs that send it are refused from now on."""
    audit.record("token.revoked", subject=str(token.number), actor=by)
    token.delete()
