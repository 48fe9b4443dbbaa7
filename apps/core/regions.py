"""Regions of the world by country, after the United Nations' standard M49.

source  UN Statistics Division, Standard country or area codes for statistical use (Series M, No.
        49): its regions, with the Americas parted as its sub-regions part them. Countries that it
        does not list stand with their neighbours; Antarctica is no region.
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.TextChoices):
    """The regions, in the order in which pages list them."""

    AFRICA = "africa", _("Africa")
    NORTHERN_AMERICA = "northern-america", _("Northern America")
    LATIN_AMERICA = "latin-america", _("Latin America and the Caribbean")
    ASIA = "asia", _("Asia")
    EUROPE = "europe", _("Europe")
    OCEANIA = "oceania", _("Oceania")


_COUNTRIES = {
    Region.AFRICA: """
        AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA
        MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW
    """,
    Region.NORTHERN_AMERICA: "BM CA GL PM US",
    Region.LATIN_AMERICA: """
        AG AI AR AW BB BL BO BQ BR BS BV BZ CL CO CR CU CW DM DO EC FK GD GF GP GS GT GY HN HT JM
        KN KY LC MF MQ MS MX NI PA PE PR PY SR SV SX TC TT UY VC VE VG VI
    """,
    Region.ASIA: """
        AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN
        MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE
    """,
    Region.EUROPE: """
        AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT
        LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK
    """,
    Region.OCEANIA: """
        AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS
    """,
}
_REGION_OF = {code: region for region, codes in _COUNTRIES.items() for code in codes.split()}


def region_of(country: str) -> str:
    """Return the region of a country in two letters, "" where none is known."""
    return str(_REGION_OF.get(country, ""))


def countries_in(region: str) -> list[str]:
    """Return the countries of a region in two letters, none for what is no region."""
    return sorted(code for code, known in _REGION_OF.items() if known == region)


def regions_without(countries: Iterable[str]) -> list[Region]:
    """Return the regions none of these countries lies in."""
    there = {region_of(country) for country in countries}
    return [one for one in Region if one not in there]
