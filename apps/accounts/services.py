"""What a person can ask for: tokens for their programs; organisations and their members."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from knox.settings import knox_settings

from apps.accounts.models import AccessToken, Membership, Organisation, User
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


@transaction.atomic
def register_organisation(organisation: Organisation, *, by: Any) -> Organisation:
    """Save a new organisation; the database refuses a name that exists in any case."""
    organisation.save(force_insert=True)
    audit.record(
        "organisation.registered",
        subject=organisation.slug,
        actor=by,
        detail={"group": organisation.group},
    )
    return organisation


@transaction.atomic
def add_member(organisation: Organisation, user: User, *, role: str, by: Any) -> Membership:
    """Let a person draft, submit or sign for an organisation; a second call changes the role."""
    membership, _created = Membership.objects.update_or_create(
        organisation=organisation, user=user, defaults={"role": role}
    )
    audit.record(
        "organisation.member_added", subject=organisation.slug, actor=by, detail={"role": role}
    )
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by: Any) -> None:
    """Take the right to speak for an organisation away; what was filed stays."""
    audit.record("organisation.member_removed", subject=membership.organisation.slug, actor=by)
    membership.delete()
