"""What an organisation says of itself: as it was entered, tidied, checked, and kept."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts import names
from apps.accounts.errors import InvalidOrganisation
from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation, RegisterNumber
from apps.accounts.registers import NATIONAL, Register, is_well_formed, tidy
from apps.core.countries import country_code, country_of

Fields = dict[str, list[str | Promise]]


@dataclass(frozen=True)
class OrganisationInput:
    """What a person enters; `numbers` by register, empty ones are left out."""

    name: str
    group: str
    country: str = ""
    website: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, organisation: Organisation) -> "OrganisationInput":
        """Return what an organisation says of itself now."""
        return cls(
            organisation.name_to_decide,
            organisation.group,
            organisation.country,
            organisation.website,
            dict(organisation.numbers.values_list("register", "number")),
        )

    def tidied(self) -> "OrganisationInput":
        """Return the same as it is kept: countries by code, addresses in full, no idle spaces."""
        kept = {name: tidy(text) for name, text in self.numbers.items() if text.strip()}
        name, website = " ".join(self.name.split()), self.website.strip()
        if website and not {":", "@"} & set(website):
            website = f"https://{website}"
        return OrganisationInput(name, self.group, country_of(self.country), website, kept)


def check(entered: OrganisationInput, *, own: Organisation | None = None) -> None:
    """Raise InvalidOrganisation unless this can be kept; own is the one that is being changed."""
    fields: Fields = defaultdict(list)
    if not 2 <= len(entered.name) <= 200 or not names.skeleton(entered.name):
        fields["name"].append(_("Give the name in 2 to 200 characters, with letters in it."))
    elif _others(Organisation.objects, "pk", own).filter(name__iexact=entered.name).exists():
        raise name_is_taken()
    if entered.group not in StakeholderGroup.values or entered.group == StakeholderGroup.INDIVIDUAL:
        fields["group"].append(_("Choose the group your organisation belongs to."))
    if entered.country and country_code(entered.country) != entered.country:
        fields["country"].append(
            _("Give the country by its English name or two letters, for example Kenya or KE.")
        )
    if entered.website and not _is_web(entered.website):
        fields["website"].append(_("Give an address that begins with https:// or http://."))
    fields |= _wrong_numbers(entered, own)
    if fields:
        raise InvalidOrganisation(_("Some of what you entered needs attention."), fields=fields)


def _wrong_numbers(entered: OrganisationInput, own: Organisation | None) -> Fields:
    found = {name: list(_number_problems(entered, name, own)) for name in entered.numbers}
    return {f"numbers.{name}": problems for name, problems in found.items() if problems}


def _number_problems(
    entered: OrganisationInput, register_name: str, own: Organisation | None
) -> Iterator[str | Promise]:
    number = entered.numbers[register_name]
    if register_name not in Register.values or not is_well_formed(register_name, number):
        yield _("This cannot be a number of this register. Check it for typing errors.")
        return
    if register_name in NATIONAL and not entered.country:
        yield _("Give the country too: each country has its own register.")
    others = _others(RegisterNumber.objects, "organisation", own)
    if others.filter(**number_key(entered, register_name)).exists():
        yield _("Another organisation here has this number. Ask its signatories to invite you.")


def _others(rows: Any, field_name: str, own: Organisation | None) -> Any:
    return rows.exclude(**{field_name: own.pk}) if own else rows


def number_key(entered: OrganisationInput, register_name: str) -> dict[str, str]:
    """Return what makes a number one: most countries have registers of their own."""
    country = entered.country if register_name in NATIONAL else ""
    return {"register": register_name, "country": country, "number": entered.numbers[register_name]}


def keep_numbers(organisation: Organisation, entered: OrganisationInput) -> None:
    """Write down the numbers that are not known of it yet."""
    for register_name in entered.numbers:
        RegisterNumber.objects.get_or_create(
            None, organisation=organisation, **number_key(entered, register_name)
        )


def name_is_taken() -> InvalidOrganisation:
    """Return the refusal of a name that another organisation has."""
    told = _("An organisation with this name is registered. Ask its signatories to invite you.")
    return InvalidOrganisation(told, fields={"name": [told]})


def _is_web(address: str) -> bool:
    try:
        URLValidator(schemes=["https", "http"])(address)
    except ValidationError:
        return False
    return len(address) <= 200
