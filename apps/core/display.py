"""How a character that hides, turns or controls text is shown: by its code, so that it is seen."""

import re
import unicodedata
from typing import Any

SPACES = frozenset("\t\n\r")
# Invisible, though Unicode calls them letters or marks.
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
SUSPECT = re.compile(f"[{''.join(sorted(BLANKS))}\ufe00-\ufe0f\U000e0100-\U000e01ef]")
JOINERS = frozenset("\u200c\u200d")
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Scripts that join, where a joiner is spelling; and symbols that joiners put together to one emoji.
JOINING = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u2190-\u2bff\ufe0f\ufb50-\ufdff"
    "\ufe70-\ufefc\U0001f000-\U0001faff]"
)


def display_text(text: str) -> str:
    """Return a text as every format shows it: nothing in it can hide, turn or control the rest.

    Bidi controls, zero-width characters, tags, other controls, private and unassigned characters
    become their code, for example "⟨U+202E⟩". Joiners stay where they are spelling (Persian, Indic
    scripts, emoji), variation selectors after the character they select. White space is kept.
    """
    if text.isprintable() and not SUSPECT.search(text):
        return text
    return "".join(
        f"⟨U+{ord(character):04X}⟩" if _is_hidden(text, place) else character
        for place, character in enumerate(text)
    )


def _is_hidden(text: str, place: int) -> bool:
    character = text[place]
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if character in JOINERS:
        return not (JOINING.match(before) and (JOINING.match(after) or not after.strip()))
    if "\ufe00" <= character <= "\ufe0f":  # a row of selectors can carry a hidden message
        return not before.strip() or bool(SUSPECT.match(before))
    if "\U000e0100" <= character <= "\U000e01ef":
        return not HAN.match(before)
    if character in SPACES:
        return False
    if character in BLANKS:
        return True
    category = unicodedata.category(character)
    if category == "Cf":  # the signs that Arabic puts over numbers are visible
        return not ("\u0600" <= character <= "\u0605" or character in "\u06dd\u070f\u08e2")
    return category in ("Cc", "Cn", "Co", "Cs", "Zl", "Zp")


def on_one_line(text: str) -> str:
    """Return the display text with every run of white space as one space, as paper shows it."""
    return " ".join(display_text(text).split())


def displayed(value: object) -> Any:
    """Return plain data (as from `model_dump`) with every text in it as display text."""
    if isinstance(value, str):
        return display_text(value)
    if isinstance(value, (list, tuple)):
        return [displayed(item) for item in value]
    if isinstance(value, dict):
        return {key: displayed(item) for key, item in value.items()}
    return value
