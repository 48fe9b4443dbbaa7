"""Names of languages, as readers of the interface know them."""

from functools import cache

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, get_language_info

from apps.core.display import display_text


def language_name(tag: str) -> str:
    """Return the name of a language, or the tag as it is where none is known."""
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return display_text(tag)


def language_choices() -> list[tuple[str, str]]:
    """Return (tag, name) of every language there is a name for, in the order of the names."""
    named = [(tag, language_name(tag)) for tag, info in LANG_INFO.items() if "name" in info]
    return sorted(named, key=lambda pair: pair[1].casefold())


def language_written(main: str) -> str:
    """Return the language of what somebody begins to write here: that of the interface.

    main  what is written where nobody chose; it stays where the interface is not offered in it,
          as its writers then have to read another one
    """
    return get_language() or main if is_offered(main) else main


def is_offered(tag: str) -> bool:
    """Return whether the interface is offered in a language."""
    return tag in dict(settings.LANGUAGES)


def language_tag(name: str) -> str:
    """Return the tag of a language by its name in English or in itself, "" where none is known."""
    return _tags_by_name().get(name.strip().casefold(), "")


@cache
def _tags_by_name() -> dict[str, str]:
    named = [(tag, info) for tag, info in LANG_INFO.items() if "name" in info]
    found = {str(info["name_local"]).casefold(): tag for tag, info in named}
    return found | {str(info["name"]).casefold(): tag for tag, info in named}
