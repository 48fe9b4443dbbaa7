"""Lets the apps above add to the pages of a consultation without this app knowing them.

A higher app registers its providers in `apps/<app>/sections.py`, imported by its AppConfig.ready().
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from apps.consultations.models import Consultation, Document, DocumentVersion, Stakeholder


@dataclass(frozen=True)
class Section:
    """A template and what it needs to know; the page includes it with this context only.

    spans  beside a provision: (start, end) of the words of its text that this is about
    """

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    spans: Sequence[tuple[int, int]] = ()


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


@dataclass(frozen=True)
class Appointment:
    """Something at a time that calendars can hold (RFC 5545).

    uid       the same for good; a later version of it has a higher `sequence`
    url       its address on this site
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    url: str
    changed_at: datetime
    text: str = ""
    place: str = ""
    sequence: int = 0
    is_cancelled: bool = False


@dataclass(frozen=True)
class Tab:
    """A page of the workspace of a consultation; `roles` are those whom it is offered."""

    name: str
    label: str | Promise
    route: str
    roles: Collection[str]


SectionProvider = Callable[[Consultation, Any], Section | None]
MarginProvider = Callable[[DocumentVersion], Mapping[int, Section]]
FactProvider = Callable[[], Any]
EntryProvider = Callable[[Sequence[Consultation]], Mapping[int, Entry]]
NewsProvider = Callable[[Consultation, int], Sequence[News]]

_sections: dict[str, list[tuple[int, SectionProvider]]] = {}
_margins: list[MarginProvider] = []
_entries: list[EntryProvider] = []
_news: list[NewsProvider] = []
_tabs: dict[str, tuple[int, Tab]] = {}
_facts: dict[str, FactProvider] = {}


def section(place: str, *, order: int) -> Callable[[SectionProvider], SectionProvider]:
    """Register a provider for a place: "overview", "workspace"; lower orders come first."""

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


def masthead_fact(provider: FactProvider) -> FactProvider:
    """Register an expression that each page of a consultation needs, under the provider's name."""
    _facts[provider.__name__] = provider
    return provider


def masthead_facts() -> dict[str, Any]:
    """Return what is fetched together with a consultation, so that its head costs no query more."""
    return {name: provider() for name, provider in _facts.items()}


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


StandingProvider = Callable[[Consultation, Sequence[Stakeholder]], Mapping[int, str]]
_standings: list[StandingProvider] = []


def stakeholder_standing(provider: StandingProvider) -> StandingProvider:
    """Register what says of stakeholders, by id, whether they "began" or "filed"."""
    if provider not in _standings:
        _standings.append(provider)
    return provider


def standings_of(consultation: Consultation, listed: Sequence[Stakeholder]) -> dict[int, str]:
    """Return how far each of them is; those who did nothing yet are left out.

    What was written down when an address was forgotten stays.
    """
    found: dict[int, str] = {}
    for provider in _standings:
        found |= provider(consultation, listed)
    kept = {one.pk: one.standing for one in listed if one.standing}
    return found | {pk: state for pk, state in kept.items() if found.get(pk) != "filed"}


AppointmentProvider = Callable[[Consultation], Sequence[Appointment]]
_appointments: list[AppointmentProvider] = []


def appointments(provider: AppointmentProvider) -> AppointmentProvider:
    """Register what stands in the calendar of a consultation besides its phases."""
    if provider not in _appointments:
        _appointments.append(provider)
    return provider


def appointments_of(consultation: Consultation) -> list[Appointment]:
    """Return what the apps above add to the calendar of a consultation."""
    return [one for provider in _appointments for one in provider(consultation)]


def workspace_tab(one: Tab, *, order: int) -> None:
    """Offer a page in the workspace of each consultation; lower orders come first."""
    _tabs[one.name] = (order, one)


def tabs_for(held: Collection[str]) -> list[Tab]:
    """Return the pages of the workspace for somebody who holds these roles, in order."""
    ordered = sorted(_tabs.values(), key=lambda known: known[0])
    return [one for _order, one in ordered if not set(held).isdisjoint(one.roles)]


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


@dataclass(frozen=True)
class Item:
    """One thing that is looked at before publishing; `url` leads to where it can be done.

    state      "done", "open" (advice: publish with a reason) or "blocking" (cannot be published)
    is_needed  whether it can block; the rest is advice
    figure     what was measured, where something was
    """

    key: str
    label: str | Promise
    state: str
    told: str | Promise
    url: str
    is_needed: bool = False
    figure: str | Promise = ""

    @property
    def is_open(self) -> bool:
        """Return whether something is left to do."""
        return self.state != "done"


ReadinessProvider = Callable[[Consultation], Item]
_readiness: list[ReadinessProvider] = []


def readiness_item(provider: ReadinessProvider) -> ReadinessProvider:
    """Register a provider of something more to look at before a consultation is published."""
    if provider not in _readiness:
        _readiness.append(provider)
    return provider


def readiness_items(consultation: Consultation) -> list[Item]:
    """Return what the apps above look at."""
    return [provider(consultation) for provider in _readiness]


LeadProvider = Callable[[DocumentVersion], Mapping[int, Section]]
_leads: list[LeadProvider] = []


def led_to(provider: LeadProvider) -> LeadProvider:
    """Register a provider of what led to the words of a version, by provision id.

    What led to a provision taken out is told by its id in the version before.
    """
    if provider not in _leads:
        _leads.append(provider)
    return provider


def leads_of(version: DocumentVersion) -> dict[int, list[Section]]:
    """Return what led to the words of each provision of a version."""
    found: dict[int, list[Section]] = {}
    for provider in _leads:
        for provision_id, one in provider(version).items():
            found.setdefault(provision_id, []).append(one)
    return found


ProposalProvider = Callable[[Document, str, Any], Section | None]
_proposals: list[ProposalProvider] = []


def proposals(provider: ProposalProvider) -> ProposalProvider:
    """Register a provider of what is shown to whoever writes a provision of the next version."""
    if provider not in _proposals:
        _proposals.append(provider)
    return provider


def proposals_for(document: Document, key: str, user: Any) -> list[Section]:
    """Return what was proposed for a provision."""
    found = (provider(document, key, user) for provider in _proposals)
    return [one for one in found if one is not None]


WordsProvider = Callable[[Document, str, Sequence[str]], Mapping[str, str]]
_words: list[WordsProvider] = []


def proposed_words(provider: WordsProvider) -> WordsProvider:
    """Register what tells, by their names, the words that were proposed for a provision."""
    if provider not in _words:
        _words.append(provider)
    return provider


def words_proposed(document: Document, key: str, names: Sequence[str]) -> dict[str, str]:
    """Return the words proposed for a provision; what proposes nothing for it is left out.

    names  of the proposals, as credits name them: "reference/point:2"
    """
    found: dict[str, str] = {}
    for provider in _words if names else ():
        found |= provider(document, key, names)
    return found


PointCounter = Callable[[Document], Mapping[str, int]]
_counters: list[PointCounter] = []


def counts_points(provider: PointCounter) -> PointCounter:
    """Register what counts the points on the provisions of a document, by key, in any version."""
    if provider not in _counters:
        _counters.append(provider)
    return provider


def points_on(document: Document) -> Counter[str]:
    """Return how many points lie on each provision of a document, by key."""
    counted: Counter[str] = Counter()
    for provider in _counters:
        counted.update(provider(document))
    return counted


def sections_beside(version: DocumentVersion, key: str) -> list[Section]:
    """Return what stands beside one provision of a version, for whoever writes the next one."""
    provision = version.provisions.filter(key=key).values_list("pk", flat=True).first()
    return margins_of(version).get(provision or 0, [])
