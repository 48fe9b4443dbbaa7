"""Finds out which provision of a new text is which of the old one, so that keys live on."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

from django.utils.text import slugify
from rapidfuzz import fuzz

LONGEST_KEY = 80
MOST_COMPARED = 60  # texts without any name in common: each is compared with each
ALIKE = 70.0  # per cent of a text that stays


class Named(Protocol):
    """A provision as it was or will be."""

    @property
    def key(self) -> str:
        """Its key, "" where it has none yet."""

    @property
    def label(self) -> str:
        """Its number as printed."""

    @property
    def heading(self) -> str:
        """Its heading without the number."""

    @property
    def text(self) -> str:
        """Its words."""


def keys_for(new: Sequence[Named], old: Iterable[Named], *, taken: Collection[str]) -> list[str]:
    """Return a key for each provision of a new text, no key twice.

    A key written in the text itself counts first; then the same number and heading, the same
    heading, the same number over a text that is alike, and last a text that is alike. What is left
    gets a key of its own that no provision ever had.

    old    the provisions as they were
    taken  every key ever used in the document
    """
    found: dict[int, str] = {}
    left = {one.key: one for one in old}
    for number, one in enumerate(new):
        if one.key and one.key not in found.values():
            found[number] = one.key
            left.pop(one.key, None)
    for is_same in (_same_name, _same_heading, _same_label, _same_text):
        if is_same is _same_text and len(left) * (len(new) - len(found)) > MOST_COMPARED**2:
            break
        _match(new, left, found, is_same)
    used = set(taken) | set(found.values())
    for number, one in enumerate(new):
        if number not in found:
            found[number] = _fresh(one, used)
            used.add(found[number])
    return [found[number] for number in range(len(new))]


def _match(
    new: Sequence[Named],
    left: dict[str, Named],
    found: dict[int, str],
    is_same: Callable[[Named, Named], bool],
) -> None:
    """Give provisions without a key that of the first one left that is the same; take it out."""
    for number, one in enumerate(new):
        if number in found:
            continue
        key = next((key for key, known in left.items() if is_same(one, known)), None)
        if key is not None:
            found[number] = key
            del left[key]


def _same_name(one: Named, known: Named) -> bool:
    return bool(one.label) and _same_heading(one, known) and _folded(one) == _folded(known)


def _same_heading(one: Named, known: Named) -> bool:
    return one.heading.casefold() == known.heading.casefold()


def _same_label(one: Named, known: Named) -> bool:
    return bool(one.label) and _folded(one) == _folded(known) and _same_text(one, known)


def _same_text(one: Named, known: Named) -> bool:
    if not one.text or not known.text:
        return False
    return fuzz.ratio(one.text, known.text, score_cutoff=ALIKE) > 0


def _folded(one: Named) -> str:
    return one.label.casefold()


def _fresh(one: Named, used: Collection[str]) -> str:
    """Return a key that is free: from the number where there is one, else from the heading."""
    stem = slugify(one.label) or slugify(one.heading)[:40].strip("-") or "provision"
    stem = stem[: LONGEST_KEY - 8]
    key, number = stem, 2
    while key in used:
        key, number = f"{stem}-{number}", number + 1
    return key
