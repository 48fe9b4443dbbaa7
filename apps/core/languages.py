"""Names of languages, as readers of the interface know them."""

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info

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
