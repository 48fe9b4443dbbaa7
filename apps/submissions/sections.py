"""What submissions add to the pages of a consultation, and what higher apps add to a submission's.

`used_in` and `passage_marks` are asked for by the pages of submissions; the app that makes claims
registers them, because only it knows which passages its claims rest on.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Expression, F, QuerySet, Sum

from apps.accounts.groups import GROUP_ORDER, StakeholderGroup
from apps.consultations.models import Consultation, DocumentVersion
from apps.consultations.sections import Entry, Section, entry, margin, section
from apps.submissions.models import GroupTally, PointTally, Submission


@dataclass(frozen=True)
class Mark:
    """A span of one text of a submission that was used, and where.

    part   name of the text: "answer:<question>", "point:<number>:<field>" or
           "attachment:<number>#page=<number>"
    start  first character, counted from 0; `end` is the first after the span
    label  what used it, e.g. "Claim 1.2" with its sentence; plain text
    url    page of what used it
    """

    part: str
    start: int
    end: int
    label: str
    url: str


MarkProvider = Callable[[Submission, Any], Sequence[Mark]]
UseProvider = Callable[[Consultation], "Expression | F | Any"]

_mark_providers: list[MarkProvider] = []
_use_providers: list[UseProvider] = []


def passage_marks(provider: MarkProvider) -> MarkProvider:
    """Register a provider of the spans of a submission that were used, as far as one may see."""
    if provider not in _mark_providers:
        _mark_providers.append(provider)
    return provider


def used_in(provider: UseProvider) -> UseProvider:
    """Register an expression that counts, for each row of submissions, what uses it.

    An expression and not numbers: the list then costs no query more.
    """
    if provider not in _use_providers:
        _use_providers.append(provider)
    return provider


def marks_of(submission: Submission, user: Any) -> list[Mark]:
    """Return every used span of a submission."""
    return [mark for provider in _mark_providers for mark in provider(submission, user)]


def use_counts(consultation: Consultation) -> dict[str, Any]:
    """Return annotations for a list of submissions: how many claims use each."""
    return {f"used_{n}": provider(consultation) for n, provider in enumerate(_use_providers)}


@entry
def heard_in_list(consultations: Sequence[Consultation]) -> Mapping[int, Entry]:
    """Show beside each consultation how many were heard from how many groups: one query."""
    sizes: dict[int, dict[str, int]] = {one.pk: {} for one in consultations}
    for tally in _whole_tallies().filter(consultation__in=list(sizes)):
        sizes[tally["consultation"]][tally["group"]] = tally["submissions"]
    return {pk: _entry(found) for pk, found in sizes.items()}


def _entry(sizes: Mapping[str, int]) -> Entry:
    context = {"sizes": sizes, "total": sum(sizes.values()), "groups": len(sizes)}
    facts = Section("submissions/_heard_facts.html", context)
    return Entry(facts, Section("submissions/_room.html", context) if sizes else None)


@section("overview", order=10)
def heard(consultation: Consultation, user: Any) -> Section:
    """Show who was heard, by stakeholder group, as a picture and as a table."""
    del user  # tallies count what is public
    tallies = {
        tally["group"]: tally for tally in _whole_tallies().filter(consultation=consultation)
    }
    rows = [
        {
            "group": group,
            "submissions": tallies.get(group, {}).get("submissions", 0),
            "letters": tallies.get(group, {}).get("letters", 0),
        }
        for group in StakeholderGroup.values
    ]
    sizes = {str(row["group"]): int(row["submissions"]) for row in rows}
    letters = sum(int(row["letters"]) for row in rows)
    total = sum(sizes.values())
    return Section(
        "submissions/_heard.html",
        {
            "rows": rows,
            "sizes": sizes,
            "total": total,
            "letters": letters,
            "has_letters": letters != total,
        },
    )


def _whole_tallies() -> "QuerySet[GroupTally, Any]":
    return GroupTally.objects.filter(question__isnull=True, submissions__gt=0).values(
        "consultation", "group", "submissions", "letters"
    )


@section("document", order=10)
def how_to_read_margins(consultation: Consultation, user: Any) -> Section:
    """Explain the bars beside the provisions."""
    del consultation, user
    return Section("submissions/_margin_key.html")


@margin
def points_beside(version: DocumentVersion) -> Mapping[int, Section]:
    """Show beside each provision how many points lie on it, by group and stance: one query."""
    tallies = (
        PointTally.objects.filter(provision__version=version, points__gt=0)
        .values_list("provision_id", "group", "stance")
        .annotate(points=Sum("points"))
    )
    beside: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for provision_id, group, stance, points in tallies:
        beside[provision_id][group][stance] = points
    return {pk: _margin(by_group) for pk, by_group in beside.items()}


def _margin(by_group: Mapping[str, Mapping[str, int]]) -> Section:
    rows = [
        {"group": group, "counts": counts, "points": sum(counts.values())}
        for group, counts in sorted(by_group.items(), key=lambda item: GROUP_ORDER[item[0]])
    ]
    return Section(
        "submissions/_margin.html", {"rows": rows, "points": sum(row["points"] for row in rows)}
    )
