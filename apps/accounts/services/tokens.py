"""Tokens for the programs of a person: made, revoked."""

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from knox.settings import knox_settings

from apps.accounts.models import AccessToken, User
from apps.accounts.services.guests import require_account
from apps.audit import services as audit
from apps.core.errors import DomainError

MOST_TOKENS = 20
LONGEST_NAME = 100


class InvalidToken(DomainError):
    """A token has a name to know it by, and one of the scopes."""

    code = "invalid_token"
    status = 422


class TooManyTokens(DomainError):
    """A person keeps a bounded number of tokens."""

    code = "too_many_tokens"


@transaction.atomic
def make_token(user: User, *, name: str, scope: str) -> tuple[AccessToken, str]:
    """Make a token that lives 30 days; return it with its text, which is shown this once only.

    raises  InvalidToken naming what must change, TooManyTokens where the person has 20 already,
            NeedsAccount
    """
    require_account(user)
    name = " ".join(name.replace("\0", "").split())
    _check(name, scope)
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


def _check(name: str, scope: str) -> None:
    fields: dict[str, list[str | Promise]] = {}
    if not 0 < len(name) <= LONGEST_NAME:
        told = _("Give a name of 1 to %(most)d characters, such as what the program does.")
        fields["name"] = [told % {"most": LONGEST_NAME}]
    if scope not in AccessToken.Scope.values:
        fields["scope"] = [_("Choose what the program may do.")]
    if fields:
        raise InvalidToken(_("Some of what you entered needs attention."), fields=fields)
