"""Numbers that public registers give to organisations, and how each is written."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")
TRANSPARENCY = re.compile(r"[0-9]{9,12}-[0-9]{2}")
LOCAL = re.compile(r"[A-Z0-9][A-Z0-9 ./-]{1,38}[A-Z0-9]")


class Register(models.TextChoices):
    """Registers whose numbers say who an organisation is."""

    TRANSPARENCY = "eu", _("EU Transparency Register")
    LEI = "lei", _("Legal Entity Identifier (LEI)")
    COMPANY = "company", _("Company number")
    CHARITY = "charity", _("Charity number")


NATIONAL = (Register.COMPANY, Register.CHARITY)


def tidy(number: str) -> str:
    """Return a number as it is kept: capitals, single spaces, none at its ends."""
    return " ".join(number.upper().split())


def is_well_formed(register: str, number: str) -> bool:
    """Return whether a tidy number can be one of this register.

    source  ISO 17442-1: an LEI has 20 characters and check digits by ISO 7064, MOD 97-10
    """
    if register == Register.LEI:
        return bool(LEI.fullmatch(number)) and _remainder(number) == 1
    if register == Register.TRANSPARENCY:
        return bool(TRANSPARENCY.fullmatch(number))
    return bool(LOCAL.fullmatch(number))


def _remainder(number: str) -> int:
    return int("".join(str(int(character, 36)) for character in number)) % 97
