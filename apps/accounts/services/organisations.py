"""Organisations: registered by a member, held where the name looks like another, decided on."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.accounts import mailing, names
from apps.accounts.errors import InvalidOrganisation, TooManyOrganisations
from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Membership, Organisation, RegisterNumber, User
from apps.accounts.registers import NATIONAL, Register, is_well_formed, tidy
from apps.accounts.rules import may_sign_for
from apps.audit import services as audit
from apps.core.display import display_text
from apps.core.errors import NotAllowed

MOST_ORGANISATIONS = 20
MOST_STAFF_TOLD = 20
COUNTRY = re.compile(r"[A-Z]{2}")
RESERVED = frozenset(["new", "mine"])
State = Organisation.State
Fields = dict[str, list[str | Promise]]


@dataclass(frozen=True)
class OrganisationInput:
    """What a person enters; `numbers` by register, empty ones are left out."""

    name: str
    group: str
    country: str = ""
    website: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)

    def tidied(self) -> "OrganisationInput":
        """Return the same without what a person does not mean: spaces, lower-case codes."""
        kept = {name: tidy(text) for name, text in self.numbers.items() if text.strip()}
        name = " ".join(self.name.split())
        return OrganisationInput(
            name, self.group, self.country.strip().upper(), self.website.strip(), kept
        )


@transaction.atomic
def register(details: OrganisationInput, *, by: Any) -> Organisation:
    """Register an organisation with its first signatory; hold it where its name looks like another.

    raises  TooManyOrganisations, InvalidOrganisation naming what must change
    """
    entered = details.tidied()
    if Membership.objects.filter(user=by).count() >= MOST_ORGANISATIONS:
        raise TooManyOrganisations(
            _("You belong to %(count)d organisations, the most there can be.")
            % {"count": MOST_ORGANISATIONS}
        )
    _check(entered)
    alike = Organisation.objects.that_looks_like(entered.name)
    is_held = alike is not None or names.is_odd(entered.name)
    organisation = Organisation(
        name=entered.name,
        slug=_free_slug(entered.name),
        group=entered.group,
        country=entered.country,
        website=entered.website,
        state=State.HELD if is_held else State.LISTED,
        resembles=alike,
    )
    try:
        with transaction.atomic():
            register_organisation(organisation, by=by)
    except IntegrityError as clash:
        raise _taken() from clash
    _keep_numbers(organisation, entered)
    Membership.objects.create(organisation=organisation, user=by, role=Membership.Role.SIGNATORY)
    if is_held:
        _tell_staff(organisation)
    return organisation


@transaction.atomic
def register_organisation(organisation: Organisation, *, by: Any) -> Organisation:
    """Save a new organisation; the database refuses a name that exists in any case."""
    organisation.save(force_insert=True)
    audit.record(
        "organisation.registered",
        subject=organisation.slug,
        actor=by,
        detail={"group": organisation.group, "state": str(organisation.state)},
    )
    return organisation


@transaction.atomic
def decide_name(organisation: Organisation, *, outcome: str, reason: str, by: Any) -> Organisation:
    """List an organisation whose name was held, or refuse the name; its members are told why.

    raises  NotAllowed; InvalidOrganisation without outcome or reason, or where it is decided
    """
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not by.has_perm("accounts.decide_names", locked):
        raise NotAllowed(_("Only staff who do not belong to this organisation can decide."))
    fields: Fields = defaultdict(list)
    if outcome not in (State.LISTED, State.REFUSED):
        fields["outcome"].append(_("Choose one."))
    if not reason.strip():
        fields["reason"].append(_("Say why. Its members read this."))
    if locked.state != State.HELD:
        fields["outcome"].append(_("Somebody has decided on this name already."))
    if fields:
        raise InvalidOrganisation(_("Some of what you entered needs attention."), fields=fields)
    locked.state, locked.decision = outcome, reason.strip()
    locked.save(update_fields=["state", "decision", "skeleton"])
    audit.record(
        "organisation.name_decided",
        subject=locked.slug,
        actor=by,
        detail={"outcome": outcome, "reason": locked.decision},
    )
    for address in locked.members.values_list("email", flat=True):
        context = {"name": locked.name, "is_listed": locked.is_listed, "reason": locked.decision}
        mailing.post(address, "accounts/mail/name_decided", context)
    return locked


def _tell_staff(organisation: Organisation) -> None:
    alike = organisation.resembles.name if organisation.resembles else ""
    link = mailing.absolute(reverse("accounts:names"))
    context = {"name": display_text(organisation.name), "alike": alike, "link": link}
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("id")
    for address in staff.values_list("email", flat=True)[:MOST_STAFF_TOLD]:
        mailing.post(address, "accounts/mail/name_held", context)


def _check(entered: OrganisationInput) -> None:
    fields: Fields = defaultdict(list)
    if not 2 <= len(entered.name) <= 200 or not names.skeleton(entered.name):
        fields["name"].append(_("Give the name in 2 to 200 characters, with letters in it."))
    elif Organisation.objects.filter(name__iexact=entered.name).exists():
        raise _taken()
    if entered.group not in StakeholderGroup.values or entered.group == StakeholderGroup.INDIVIDUAL:
        fields["group"].append(_("Choose the group your organisation belongs to."))
    if entered.country and not COUNTRY.fullmatch(entered.country):
        fields["country"].append(_("Give the two letters of the country, for example KE or DE."))
    if entered.website and not _is_web(entered.website):
        fields["website"].append(_("Give an address that begins with https:// or http://."))
    _check_numbers(fields, entered)
    if fields:
        raise InvalidOrganisation(_("Some of what you entered needs attention."), fields=fields)


def _check_numbers(fields: Fields, entered: OrganisationInput) -> None:
    for register_name, number in entered.numbers.items():
        for problem in _number_problems(entered, register_name, number):
            fields[f"numbers.{register_name}"].append(problem)


def _number_problems(
    entered: OrganisationInput, register_name: str, number: str
) -> Iterator[str | Promise]:
    if register_name not in Register.values or not is_well_formed(register_name, number):
        yield _("This cannot be a number of this register. Check it for typing errors.")
        return
    if register_name in NATIONAL and not entered.country:
        yield _("Give the country too: each country has its own register.")
    if RegisterNumber.objects.filter(**_number_key(entered, register_name)).exists():
        yield _("Another organisation here has this number. Ask its signatories to invite you.")


def _number_key(entered: OrganisationInput, register_name: str) -> dict[str, str]:
    country = entered.country if register_name in NATIONAL else ""
    return {"register": register_name, "country": country, "number": entered.numbers[register_name]}


def _keep_numbers(organisation: Organisation, entered: OrganisationInput) -> None:
    for register_name in entered.numbers:
        RegisterNumber.objects.create(
            organisation=organisation, **_number_key(entered, register_name)
        )


def _taken() -> InvalidOrganisation:
    told = _("An organisation with this name is registered. Ask its signatories to invite you.")
    return InvalidOrganisation(told, fields={"name": [told]})


def _is_web(address: str) -> bool:
    try:
        URLValidator(schemes=["https", "http"])(address)
    except ValidationError:
        return False
    return len(address) <= 200


def _free_slug(name: str) -> str:
    stem = slugify(name)[:60].strip("-") or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    free = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken | RESERVED else next(s for s in free if s not in taken)


@transaction.atomic
def decide_sign_off(organisation: Organisation, *, is_required: bool, by: Any) -> Organisation:
    """Let an organisation ask for a signatory's sign-off before anything is filed, or no longer.

    raises  NotAllowed for others than its signatories
    """
    if not may_sign_for(by, organisation):
        raise NotAllowed(_("Only a signatory may decide this for the organisation."))
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.requires_sign_off != is_required:
        locked.requires_sign_off = is_required
        locked.save(update_fields=["requires_sign_off"])
        audit.record(
            "organisation.sign_off_decided",
            subject=locked.slug,
            actor=by,
            detail={"is_required": is_required},
        )
    return locked
