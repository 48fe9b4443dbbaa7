"""Every language that is offered says everything the interface says."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from tests.accounts.test_wording import blocks, compiled, written
from tests.interface_texts import interface_texts

OFFERED = [code for code, _name in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|<[^>]+>")


def catalogue(language):
    return settings.BASE_DIR / "config/locale" / language / "LC_MESSAGES/django.po"


def placeholders(*texts):
    return {found for text in texts for found in PLACEHOLDER.findall(text)}


@pytest.mark.parametrize("language", OFFERED)
def test_the_compiled_catalogue_is_what_is_written(language):
    assert compiled(catalogue(language).with_suffix(".mo")) == written(catalogue(language))


@pytest.mark.parametrize("language", OFFERED)
def test_every_text_of_the_interface_is_translated(language):
    told = set()
    for parts in blocks(catalogue(language)):
        if all(said for name, said in parts.items() if name.startswith("msgstr")):
            told |= {parts.get("msgid"), parts.get("msgid_plural")}
    assert {text for text in interface_texts() if text.strip()} - told == set()


@pytest.mark.parametrize("language", OFFERED)
def test_no_translation_waits_for_a_look(language):
    assert "#, fuzzy" not in catalogue(language).read_text()


@pytest.mark.parametrize("language", OFFERED)
def test_translations_name_what_the_text_names(language):
    wrong = []
    for parts in blocks(catalogue(language)):
        text = [parts.get("msgid", ""), parts.get("msgid_plural", "")]
        said = [told for name, told in parts.items() if name.startswith("msgstr")]
        if text[0] and placeholders(*said) != placeholders(*text):
            wrong.append((text, said))
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", OFFERED)
def test_a_reader_of_the_language_is_met_in_it(client, language):
    answer = client.get(reverse("consultations:list"), headers={"accept-language": language})
    assert f'<html lang="{language}"' in answer.text
    assert "Skip to main content" not in answer.text
