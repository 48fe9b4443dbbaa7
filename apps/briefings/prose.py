"""How figures stand in the sentences of a briefing: placeholders, never typed numbers."""

import re

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
NUMBER_WORDS = {
    "en": r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty"
    r"|thirty|forty|fifty|dozens?|hundreds?|thousands?|millions?|half|most|majority",
    "de": r"zwei|drei|vier|fünf|sechs|sieben|neun|zehn|zwölf|zwanzig|dreißig|hundert|tausend"
    r"|hälfte|meisten|mehrheit|dutzend",
    "fr": r"deux|trois|quatre|cinq|sept|huit|neuf|onze|douze|vingt|trente|cent|mille|moitié"
    r"|plupart|majorité",
}


def typed_number(text: str, lang: str) -> str:
    """Return the first digit or number word outside the placeholders of a text, or nothing."""
    words = NUMBER_WORDS.get(lang[:2], "")
    pattern = rf"\d|\b(?:{words})\b" if words else r"\d"
    found = re.search(pattern, PLACEHOLDER.sub("", text), re.IGNORECASE)
    return found.group() if found else ""


def format_value(value: int | float | str) -> str:
    """Return a figure as printed: thousands are set apart from ten thousand on, % stays with it."""
    if isinstance(value, str):
        return re.sub(r"(?<=\d) %", "\u00a0%", value)
    shown = f"{value:,}" if abs(value) >= 10_000 else str(value)
    return shown.replace(",", "\u00a0")


def fill_placeholders(text: str, values: dict[str, int | float | str]) -> str:
    """Return the sentence with its figures; a figure keeps the word it counts on its line."""

    def fill(found: re.Match[str]) -> str:
        value = values[found[1]]
        is_short = not isinstance(value, str) or len(value) < 12
        return format_value(value) + (found[2] and ("\u00a0" if is_short else " "))

    # one pass, so that a value that looks like a placeholder stays what it is
    return re.sub(PLACEHOLDER.pattern + "( ?)", fill, text)
