"""What becomes of an account that is deleted: what stands in the way, what stays, what goes first.

The apps above add what they know; this app knows seats and staff alone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.accounts.models import Membership, Organisation, User

Words = str | Promise


@dataclass(frozen=True)
class Obstacle:
    """Why an account cannot be deleted yet, and the page on which that is put right."""

    text: Words
    url: str = ""


@dataclass(frozen=True)
class OwnWords:
    """How many responses a person filed alone and could withdraw, and what withdraws them all."""

    count: Callable[[User], int]
    withdraw: Callable[[User], None]


ObstacleProvider = Callable[[User], Iterable[Obstacle]]
RemainsProvider = Callable[[User], Iterable[Words]]
Farewell = Callable[[User], None]
_obstacles: list[ObstacleProvider] = []
_remains: list[RemainsProvider] = []
_farewells: list[Farewell] = []
_own_words: list[OwnWords] = []


def stands_in_the_way(provider: ObstacleProvider) -> ObstacleProvider:
    """Register what has to be put right before an account can be deleted."""
    _obstacles.append(provider)
    return provider


def remains(provider: RemainsProvider) -> RemainsProvider:
    """Register sentences that say what of a person stays once the account is deleted."""
    _remains.append(provider)
    return provider


def goes_first(farewell: Farewell) -> Farewell:
    """Register what is done in the transaction of the deletion, while the person is still there."""
    _farewells.append(farewell)
    return farewell


def register_own_words(own_words: OwnWords) -> None:
    """Register what a person filed alone."""
    _own_words.append(own_words)


def obstacles_of(user: User) -> list[Obstacle]:
    """Return what has to be put right first."""
    return [one for provider in _obstacles for one in provider(user)]


def remains_of(user: User) -> list[Words]:
    """Return sentences that say what stays."""
    return [one for provider in _remains for one in provider(user)]


def count_own_words(user: User) -> int:
    """Return how many responses a person filed alone and could withdraw."""
    return sum(one.count(user) for one in _own_words)


def withdraw_own_words(user: User) -> None:
    """Withdraw them all."""
    for one in _own_words:
        one.withdraw(user)


def say_farewell(user: User) -> None:
    """Do what goes first."""
    for farewell in _farewells:
        farewell(user)


def alone_in(user: User) -> QuerySet[Organisation]:
    """Return the organisations of which a person is the only member."""
    others = Membership.objects.exclude(user=user).values("organisation")
    return Organisation.objects.filter(memberships__user=user).exclude(pk__in=others)


@stands_in_the_way
def last_signatory(user: User) -> Iterable[Obstacle]:
    """Name the organisations whose other members would be left with nobody who can sign."""
    signing = Membership.objects.filter(role=Membership.Role.SIGNATORY, user__is_active=True)
    with_another = signing.exclude(user=user).values("organisation")
    led = Organisation.objects.with_signatory(user).exclude(pk__in=with_another)
    for one in led.exclude(pk__in=alone_in(user).values("pk")).order_by("name"):
        yield Obstacle(
            _("You are the last signatory of %(name)s. Make another member signatory first.")
            % {"name": one.name},
            reverse("accounts:members", args=[one.slug]),
        )


@stands_in_the_way
def last_of_staff(user: User) -> Iterable[Obstacle]:
    """Say where nobody else could look after the site."""
    others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=user.pk)
    if user.is_staff and not others.exists():
        yield Obstacle(
            _("Nobody else runs this site. Make another account operations staff first.")
        )


@remains
def organisations_left_empty(user: User) -> Iterable[Words]:
    """Name the organisations that nobody speaks for any more."""
    for name in alone_in(user).order_by("name").values_list("name", flat=True):
        yield _(
            "%(name)s, of which you are the only member. It stays on the list with what it filed, "
            "what was checked of it ends, and nobody speaks for it. Invite somebody first if that "
            "is not what you want."
        ) % {"name": name}
