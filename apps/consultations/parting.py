"""What stands in the way where a person who runs consultations deletes the account."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.errors import CannotLeave
from apps.accounts.models import User
from apps.accounts.parting import Obstacle, goes_first, stands_in_the_way
from apps.consultations.models import Host, HostRole
from apps.consultations.services import take_role

OWNER = HostRole.Role.OWNER


@stands_in_the_way
def only_owner(user: User) -> Iterable[Obstacle]:
    """Name the hosts that would be left without an owner."""
    owning = HostRole.objects.filter(role=OWNER, user__is_active=True)
    others = owning.exclude(user=user).values("host")
    hosts = Host.objects.filter(roles__role=OWNER, roles__user=user).exclude(pk__in=others)
    for host in hosts.order_by("name"):
        yield Obstacle(
            _("You are the only owner at %(name)s. Make somebody else an owner first.")
            % {"name": host.name},
            reverse("consultations:staff", args=[host.slug]),
        )


@goes_first
def roles(user: User) -> None:
    """Give back the roles at hosts, each of them on record."""
    # Two owners who leave at the same moment wait for each other here.
    held = user.host_roles.values("host")
    list(Host.objects.select_for_update().filter(pk__in=held).order_by("pk"))
    if obstacle := next(iter(only_owner(user)), None):
        raise CannotLeave(obstacle.text)
    for given in user.host_roles.select_related("host"):
        take_role(given, by=user)
