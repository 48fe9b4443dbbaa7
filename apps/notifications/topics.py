"""What can be followed: higher apps say what a key means, and who may see it.

A higher app also gives the link by which a person says that a thing is falsely in their name.

Registered in `apps/<app>/announcing.py`, imported by its AppConfig.ready().
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.display import on_one_line
from apps.core.errors import DomainError
from apps.notifications.models import LONGEST_TITLE, LONGEST_TOPIC, Kind


class UnknownTopic(DomainError):
    """There is no such thing, or the person may not see it: nobody can tell which."""

    code = "unknown_topic"
    status = 404


@dataclass(frozen=True)
class Topic:
    """A thing one may follow, with what it is called and where it is on this site."""

    name: str
    title: str
    path: str


Finder = Callable[[str, Any], tuple[str, str] | None]

# A person's id and a topic.
Followed = tuple[int, str]
Linker = Callable[[Collection[Followed]], Mapping[Followed, str]]

_finders: dict[str, Finder] = {}
_linkers: dict[str, Linker] = {}


def followable(kind: Kind) -> Callable[[Finder], Finder]:
    """Register what finds title and path of a key, as far as a person may see it, or None."""

    def registered(finder: Finder) -> Finder:
        _finders[kind.value] = finder
        return finder

    return registered


def find(kind: str, key: str, user: Any) -> Topic:
    """Return what a kind and a key name; raise UnknownTopic."""
    name = f"{kind}:{key}"
    is_storable = len(name) <= LONGEST_TOPIC and "\0" not in name
    found = _finders[kind](key, user) if is_storable and kind in _finders else None
    if found is None:
        raise UnknownTopic(_("There is nothing of this name that you could follow."))
    title, path = found
    return Topic(name, on_one_line(title)[:LONGEST_TITLE], path)


def disownable(kind: Kind) -> Callable[[Linker], Linker]:
    """Register what links those who follow what is in their name to where they can deny it.

    It gets many at once and takes a number of queries that does not grow with them.
    """

    def registered(linker: Linker) -> Linker:
        _linkers[kind.value] = linker
        return linker

    return registered


def links_to_deny(followed: Collection[Followed]) -> Mapping[Followed, str]:
    """Return the full addresses for those who can deny that a followed thing is theirs."""
    links: dict[Followed, str] = {}
    for kind, linker in _linkers.items():
        of_kind = {one for one in followed if one[1].startswith(f"{kind}:")}
        if of_kind:
            links |= linker(of_kind)
    return links
