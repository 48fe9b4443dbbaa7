"""Every country lies in one region of the world."""

from apps.core import countries
from apps.core.regions import _COUNTRIES, Region, region_of, regions_without


def test_every_country_but_antarctica_has_a_region():
    known = {line[:2] for line in countries._COUNTRIES.strip().splitlines()}
    assert {code for code in known if not region_of(code)} == {"AQ"}


def test_no_country_stands_twice_and_none_is_unknown():
    listed = [code for codes in _COUNTRIES.values() for code in codes.split()]
    assert len(listed) == len(set(listed))
    assert all(countries.country_code(code) == code for code in listed)


def test_what_is_no_country_lies_nowhere():
    assert region_of("") == region_of("Atlantis") == ""


def test_regions_are_missing_where_nobody_is_from():
    missing = regions_without({"KE", "BR", "US", "", "JP"})
    assert missing == [Region.EUROPE, Region.OCEANIA]
