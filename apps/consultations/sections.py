"""Lets the apps above add to the pages of a consultation without this app knowing them.

A higher app registers its providers in `apps/<app>/sections.py`, imported by its AppConfig.ready().
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.consultations.models import Consultation, DocumentVersion


@dataclass(frozen=True)
class Section:
    """A template and what it needs to know; the page includes it with this context only."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """What a list of consultations shows of one: facts beside its title, a picture at the top."""

    facts: Section
    picture: Section | None = None


@dataclass(frozen=True)
class News:
    """Something that was published in a consultation; `url` is its address on this site."""

    at: datetime
    title: str
    url: str
    text: str = ""


SectionProvider = Callable[[Consultation, Any], Section | None]
MarginProvider = Callable[[DocumentVersion], Mapping[int, Section]]
EntryProvider = Callable[[Sequence[Consultation]], Mapping[int, Entry]]
NewsProvider = Callable[[Consultation, int], Sequence[News]]

_sections: dict[str, list[tuple[int, SectionProvider]]] = {}
_margins: list[MarginProvider] = []
_entries: list[EntryProvider] = []
_news: list[NewsProvider] = []


def section(place: str, *, order: int) -> Callable[[SectionProvider], SectionProvider]:
    """Register a provider for a place of a page: "overview"; lower orders come first."""

    def registered(provider: SectionProvider) -> SectionProvider:
        places = _sections.setdefault(place, [])
        if (order, provider) not in places:
            places.append((order, provider))
            places.sort(key=lambda known: known[0])
        return provider

    return registered


def margin(provider: MarginProvider) -> MarginProvider:
    """Register a provider of what stands beside each provision of a version, by provision id."""
    if provider not in _margins:
        _margins.append(provider)
    return provider


def entry(provider: EntryProvider) -> EntryProvider:
    """Register a provider of what a list shows of each consultation, by consultation id."""
    if provider not in _entries:
        _entries.append(provider)
    return provider


def news(provider: NewsProvider) -> NewsProvider:
    """Register a provider of what became public in a consultation: the newest, at most so many."""
    if provider not in _news:
        _news.append(provider)
    return provider


def news_of(consultation: Consultation, *, most: int) -> list[News]:
    """Return the newest of what everybody may read, newest first."""
    found = [one for provider in _news for one in provider(consultation, most)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:most]


def sections_of(place: str, consultation: Consultation, user: Any) -> list[Section]:
    """Return what the apps above show at a place, in order."""
    found = (provider(consultation, user) for _order, provider in _sections.get(place, []))
    return [one for one in found if one is not None]


def margins_of(version: DocumentVersion) -> dict[int, list[Section]]:
    """Return what stands beside each provision."""
    beside: dict[int, list[Section]] = {}
    for provider in _margins:
        for provision_id, one in provider(version).items():
            beside.setdefault(provision_id, []).append(one)
    return beside


def entries_of(consultations: Sequence[Consultation]) -> dict[int, list[Entry]]:
    """Return what a list shows of each consultation."""
    shown: dict[int, list[Entry]] = {}
    for provider in _entries:
        for consultation_id, one in provider(consultations).items():
            shown.setdefault(consultation_id, []).append(one)
    return shown
