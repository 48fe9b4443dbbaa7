"""The demo: two consultations, the comments of one, a hearing, accounts to look with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Membership, Organisation, User
from apps.consultations.loading import load_consultation
from apps.consultations.models import Consultation, Host, HostRole
from apps.consultations.services import default_host, give_role
from apps.hearings.places import provision_choices
from apps.hearings.services import (
    HearingInput,
    ItemInput,
    add_item,
    announce_hearing,
    create_hearing,
)

CONSULTATIONS = Path(settings.BASE_DIR) / "apps/consultations/demo"
COMMENTS = Path(settings.BASE_DIR) / "apps/submissions/demo/cms-2022-0163"
PASSWORD = "plenary-demo-2026"  # noqa: S105 - for a machine of one's own; `serve` binds to loopback


@dataclass(frozen=True)
class Account:
    """An account of the demo and what it is for."""

    email: str
    name: str
    purpose: str


ACCOUNTS = (
    Account("owner@demo.example", "Ona Host", "staff: starts briefings in the workspace"),
    Account("volunteer@demo.example", "Vera Volunteer", "answers for a small civil-society body"),
    Account("person@demo.example", "Pat Person", "answers as a private person"),
)


def load_consultations() -> Iterator[Consultation]:
    """Load both consultations, or return them where they are loaded already."""
    for name in ("cms-2022-0163.toml", "pause-protocol.toml"):
        yield load_consultation(CONSULTATIONS / name)


@transaction.atomic
def make_accounts() -> None:
    """Make the demo accounts with confirmed e-mail; making them twice changes nothing."""
    people = {account.email: _person(account) for account in ACCOUNTS}
    host: Host = default_host()
    for role in (HostRole.Role.OWNER, HostRole.Role.ANALYST):
        give_role(host, people["owner@demo.example"], role)
    organisation, _created = Organisation.objects.get_or_create(
        slug="demo-neighbourhood-forum",
        defaults={
            "name": "Neighbourhood Forum (demo)",
            "group": StakeholderGroup.CIVIL_SOCIETY,
        },
    )
    Membership.objects.get_or_create(
        user=people["volunteer@demo.example"],
        organisation=organisation,
        defaults={"role": Membership.Role.SIGNATORY},
    )


@transaction.atomic
def hold_hearing() -> None:
    """Announce a hearing of the open consultation; a second time changes nothing."""
    consultation = Consultation.objects.get(slug="pause-protocol")
    if consultation.hearings.exists():
        return
    owner = User.objects.get(email="owner@demo.example")
    day = timezone.now().astimezone(consultation.zone) + timedelta(days=30)
    entered = HearingInput(
        "Hearing on thresholds and inspection",
        starts=f"{day:%Y-%m-%d}T10:00",
        ends=f"{day:%Y-%m-%d}T12:00",
        description="Each speaker has five minutes. What they confirm later counts as written.",
        place="Large hall of the secretariat",
        online="https://hearing.example/",
    )
    hearing = create_hearing(consultation, entered, by=owner)
    keys = [key for key, _label in provision_choices(consultation)]
    for title, minutes, about in (
        ("What decides whether a training run is covered?", "60", ["art-2"]),
        ("Anything else", "45", []),
    ):
        provisions = [key for key in about if key in keys]
        add_item(hearing, ItemInput(title, minutes=minutes, provisions=provisions), by=owner)
    announce_hearing(hearing, by=owner)


def _person(account: Account) -> User:
    user = User.objects.filter(email=account.email).first()
    if user is None:
        user = User.objects.create_user(account.email, PASSWORD, name=account.name)
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user
