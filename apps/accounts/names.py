"""Which names look alike: one that looks like another waits until a person has looked at it."""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from apps.core.display import display_text

# Scripts with letters that look the same; nobody writes one word in two of them.
LOOKING_ALIKE = frozenset(["LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"])
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
ALIKE = str.maketrans({"i": "l", "1": "l", "|": "l", "!": "l", "0": "o"})
SHORTEST_TO_COMPARE = 8
# As they end a skeleton: an organisation is the same with and without its legal form.
FORMS = (
    "aisbl asbl vzw ivzw ev gmbh ggmbh mbh ag kg ug eg ltd limited inc incorporated llc llp plc"
    " corp co cic sa sas sarl sl slu srl spa nv bv se sccl oy ab as aps eeig"
)
LONGEST_SKELETON = 400
MOST_NAMED = 20


def skeleton(name: str) -> str:
    """Return what a name looks like: names with one skeleton cannot be told apart at a glance.

    Full-width and styled forms, accents, case, spaces and punctuation do not count; characters that
    look like Latin ones become these.
    source  Unicode Technical Standard 39, section 4, with its table of confusables; the pairs
            "rn", "vv" and "cl" and the digits 0 and 1 are folded as well
    """
    plain = unicodedata.normalize("NFKC", name)
    bare = [c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c)]
    folded = "".join(_latin(c) for c in bare).casefold().translate(ALIKE)
    kept = re.sub(r"[\W_]", "", folded)
    for pair, one in PAIRS:
        kept = kept.replace(pair, one)
    return kept[:LONGEST_SKELETON]


def is_odd(name: str) -> bool:
    """Return whether a name hides or turns characters, or mixes scripts inside a word."""
    if display_text(name) != name or unicodedata.normalize("NFKC", name) != _composed(name):
        return True
    from confusable_homoglyphs.categories import unique_aliases

    return any(len(unique_aliases(word) & LOOKING_ALIKE) > 1 for word in name.split())


def unusual_characters(name: str) -> list[str]:
    """Return what one cannot tell by looking: each character that is not ASCII, by its name."""
    found = dict.fromkeys(c for c in name if not c.isascii())
    return [f"U+{ord(c):04X} {unicodedata.name(c, '')}".strip() for c in found][:MOST_NAMED]


def are_alike(one: str, other: str) -> bool:
    """Return whether two skeletons are the same, or differ by a letter in a name that is long.

    A legal form at the end does not count, unless too little of the name is left without it.
    """
    one, other = _without_form(one), _without_form(other)
    if one == other:
        return True
    if min(len(one), len(other)) < SHORTEST_TO_COMPARE or _digits(one) != _digits(other):
        return False
    return Levenshtein.distance(one, other, score_cutoff=1) == 1


def _without_form(shape: str) -> str:
    ends = (end for end in _forms() if shape.endswith(end))
    end = max(ends, key=len, default="")
    is_long = len(shape) - len(end) >= SHORTEST_TO_COMPARE
    return shape.removesuffix(end) if is_long else shape


@lru_cache(maxsize=1)
def _forms() -> tuple[str, ...]:
    return tuple(skeleton(form) for form in FORMS.split())


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _digits(text: str) -> str:
    # "Local 12" and "Local 13" are two unions, not one that was misspelt.
    return "".join(c for c in text if c.isdigit())


@lru_cache(maxsize=8192)
def _latin(character: str) -> str:
    """Return the Latin letters a character looks like, in its own case or in lower case."""
    if character.isascii():
        return character
    # Its tables are large: only a process that looks at names of other scripts loads them.
    from confusable_homoglyphs.confusables import confusables_data

    for form in (character, character.lower()):
        if form.isascii():
            return form
        shapes = [found["c"] for found in confusables_data.get(form, ())]
        plain = sorted(shape for shape in shapes if shape.isascii() and shape.isalnum())
        if plain:
            return min(plain, key=len)
    return character
