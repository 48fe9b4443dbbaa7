"""What can be followed: higher apps say what a key means, and who may see it.

Registered in `apps/<app>/announcing.py`, imported by its AppConfig.ready().
"""

from collections.abc import Callable
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

_finders: dict[str, Finder] = {}


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
