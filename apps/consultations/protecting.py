"""What a data-protection officer asks of a consultation: what is held, forgotten, given out, open.

Counts only: nothing here names anybody. The apps above add what they hold.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from apps.audit.models import Entry
from apps.consultations.models import Consultation, HostRole
from apps.core.dates import day_in_words

Words = str | Promise


@dataclass(frozen=True)
class Holding:
    """One kind of personal data: how many are held, until when, and which setting decides that."""

    label: Words
    count: int
    kept: Words
    setting: str = ""


@dataclass(frozen=True)
class Export:
    """What everybody can fetch, and what is left out of it so that few people do not show."""

    label: Words
    url: str
    rule: Words


@dataclass(frozen=True)
class Done:
    """An act of the record: how often, by how many different people, and when last."""

    kind: str
    label: Words
    times: int = 0
    people: int = 0
    last_at: datetime | None = None


HoldingProvider = Callable[[Consultation], Iterable[Holding]]
ExportProvider = Callable[[Consultation], Iterable[Export]]
_holdings: list[HoldingProvider] = []
_exports: list[ExportProvider] = []
# By the kind of their entries in the record, whose subject is the consultation.
_forgetting: dict[str, Words] = {}
_giving_out: dict[str, Words] = {}


def holds(provider: HoldingProvider) -> HoldingProvider:
    """Register what counts personal data of a consultation."""
    _holdings.append(provider)
    return provider


def exports(provider: ExportProvider) -> ExportProvider:
    """Register what everybody can fetch of a consultation."""
    _exports.append(provider)
    return provider


def forgets(acts: Mapping[str, Words]) -> None:
    """Register kinds of entries that tell of personal data that was deleted."""
    _forgetting.update(acts)


def gives_out(acts: Mapping[str, Words]) -> None:
    """Register kinds of entries that tell who fetched what is not public."""
    _giving_out.update(acts)


@dataclass(frozen=True)
class Protection:
    """All of it; `confidants` may read what submitters keep back."""

    holdings: Sequence[Holding]
    forgotten: Sequence[Done]
    given_out: Sequence[Done]
    exports: Sequence[Export]
    confidants: int


def protection_of(consultation: Consultation) -> Protection:
    """Return what is held of a consultation, in as many queries however much that is."""
    kinds = {**_forgetting, **_giving_out}
    entries = Entry.objects.filter(subject=consultation.slug, kind__in=kinds).order_by()
    counted = entries.values("kind").annotate(
        times=Count("pk"), people=Count("actor", distinct=True), last_at=Max("at")
    )
    found = {row["kind"]: Done(label=kinds[row["kind"]], **row) for row in counted}

    def done(acts: Mapping[str, Words]) -> list[Done]:
        return [found.get(kind, Done(kind, label)) for kind, label in acts.items()]

    read = consultation.host.roles.filter(role__in=HostRole.CONFIDANTS)
    return Protection(
        holdings=[one for provider in _holdings for one in provider(consultation)],
        forgotten=done(_forgetting),
        given_out=done(_giving_out),
        exports=[one for provider in _exports for one in provider(consultation)],
        confidants=read.aggregate(n=Count("user", distinct=True))["n"],
    )


forgets(
    {
        "stakeholders.addresses_forgotten": lazy("Addresses of those invited, once it was over"),
        "stakeholder.removed": lazy("Stakeholders taken off the list"),
    }
)


@holds
def invited(consultation: Consultation) -> Iterable[Holding]:
    """Count the addresses on the list of stakeholders: one query."""
    yield Holding(
        _("E-mail addresses of those invited or to be invited"),
        consultation.stakeholders.exclude(email="").count(),
        _until_forgotten(consultation),
        "PLENARY_INVITED_ADDRESS_DAYS",
    )


@exports
def dates_and_news(consultation: Consultation) -> Iterable[Export]:
    """Name what calendars and readers of feeds fetch."""
    rule = _("It is about no person.")
    place = [consultation.slug]
    yield Export(_("Dates, as a calendar"), reverse("consultations:calendar", args=place), rule)
    yield Export(_("News, as a feed"), reverse("consultations:feed", args=place), rule)


def _until_forgotten(consultation: Consultation) -> str:
    """Say when the addresses go: on a day where the end of the last phase is known."""
    days = settings.INVITED_ADDRESS_DAYS
    ends = [phase.closes_at for phase in consultation.phases.all()]
    known = [at for at in ends if at is not None]
    if known and len(known) == len(ends):
        last = max(known) + timedelta(days=days)
        return _("Until %(day)s") % {"day": day_in_words(last.astimezone(consultation.zone))}
    told = ngettext("%(n)d day after its end", "%(n)d days after its end", days)
    return told % {"n": days}
