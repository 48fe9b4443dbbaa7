"""What submissions add to the pages of a consultation, and what higher apps add to a submission's.

`used_in` and `passage_marks` are asked for by the pages of submissions; the app that makes claims
registers them, because only it knows which passages its claims rest on.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import Count, Expression, F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import GROUP_ORDER, StakeholderGroup
from apps.consultations.models import Consultation, DocumentVersion, HostRole
from apps.consultations.sections import Entry, Section, Tab, entry, margin, section, workspace_tab
from apps.submissions.models import (
    Anchor,
    GroupTally,
    Placement,
    PointTally,
    Reply,
    ReplyTally,
    Submission,
)
from apps.submissions.rules import TAKERS_IN

MOST_PHRASES = 6  # beside one provision
workspace_tab(
    Tab("disputes", _("Disputed submissions"), "submissions:disputes", HostRole.OVERSEERS),
    order=45,
)
workspace_tab(Tab("take-in", _("Take in"), "submissions:take-in", TAKERS_IN), order=40)


@dataclass(frozen=True)
class Mark:
    """A span of one text of a submission that was used, and where.

    part   name of the text: "answer:<question>", "point:<number>:<field>" or
           "attachment:<number>#page=<number>"
    start  first character, counted from 0; `end` is the first after the span
    label  what used it, e.g. "Claim 1.2"; plain text
    url    page of what used it
    words  what that says, in its own language; plain text
    """

    part: str
    start: int
    end: int
    label: str
    url: str
    words: str = ""


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


Below = Callable[[Submission, Any], Section | None]
_below: list[Below] = []


def below_words(provider: Below) -> Below:
    """Register what stands below the words of a submission on the page that follows them."""
    if provider not in _below:
        _below.append(provider)
    return provider


def sections_below(submission: Submission, user: Any) -> list[Section]:
    """Return what stands below the words of a submission."""
    found = (provider(submission, user) for provider in _below)
    return [one for one in found if one is not None]


_for_author: list[Below] = []


def told_to_author(provider: Below) -> Below:
    """Register what its author reads of a submission, on its page and on that of its words."""
    if provider not in _for_author:
        _for_author.append(provider)
    return provider


def sections_for_author(submission: Submission, user: Any) -> list[Section]:
    """Return what whoever reads is told as the author of a submission; nothing to others."""
    found = (provider(submission, user) for provider in _for_author)
    return [one for one in found if one is not None]


Beside = Callable[[str], Section | None]
BesideProvider = Callable[[Submission, Any], Beside]
_beside: list[BesideProvider] = []


def beside_parts(provider: BesideProvider) -> BesideProvider:
    """Register what gives, for the page of a submission, what stands below each of its parts.

    Parts are named as citations name them: "answer:why", "point:2", "reply:1", "attachment:1"; ""
    is the whole.
    """
    if provider not in _beside:
        _beside.append(provider)
    return provider


class PartsBeside:
    """What stands below each part of a submission; asked by a page for one part after another."""

    def __init__(self, submission: Submission, user: Any) -> None:
        self._given = [provider(submission, user) for provider in _beside]

    def at(self, part: str) -> list[Section]:
        """Return the sections below a part."""
        return [one for one in (give(part) for give in self._given) if one is not None]


@dataclass(frozen=True)
class Moderated:
    """What moderators hid in one text of a submission, as everybody is told.

    part        name of the text, as citations name it; "title", "name"; "" for what has no name
    start, end  characters of the text; None where something was hidden as a whole
    rule, note  why; the rule as programs name it
    """

    part: str
    start: int | None
    end: int | None
    rule: str
    at: datetime
    note: str


ModeratedProvider = Callable[[Submission], Sequence[Moderated]]
_moderated: list[ModeratedProvider] = []


def moderated_in(provider: ModeratedProvider) -> ModeratedProvider:
    """Register what lists the words of a submission that moderators hid, and why."""
    if provider not in _moderated:
        _moderated.append(provider)
    return provider


def moderated_parts(submission: Submission) -> list[Moderated]:
    """Return what moderators hid in a submission, in the order in which they did."""
    return [one for provider in _moderated for one in provider(submission)]


Address = Callable[[Submission], str]
_words_addresses: list[Address] = []


def words_address(address: Address) -> Address:
    """Register what gives the address of the page that follows the words of a submission."""
    if address not in _words_addresses:
        _words_addresses.append(address)
    return address


def address_of_words(submission: Submission) -> str:
    """Return where one reads what became of its words, "" where there is no such page."""
    return next((address(submission) for address in _words_addresses), "")


Said = Callable[[Submission], "tuple[str, str] | None"]
_said: list[Said] = []


def said_at(provider: Said) -> Said:
    """Register what names where a submission was said aloud, and the page that tells more."""
    if provider not in _said:
        _said.append(provider)
    return provider


def where_said(submission: Submission) -> tuple[str, str] | None:
    """Return where a submission was said; no query for one that was written."""
    if not submission.was_spoken:
        return None
    return next((found for provider in _said if (found := provider(submission))), None)


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


@section("overview", order=15)
def replies(consultation: Consultation, user: Any) -> Section | None:
    """Say when replies can be filed, and how many each group filed, by kind."""
    del user  # tallies count what is public
    phase = consultation.reply_phase()
    rows = ReplyTally.objects.filter(consultation=consultation, replies__gt=0)
    by_group: dict[str, dict[str, int]] = defaultdict(dict)
    for group, kind, n in rows.order_by("kind").values_list("group", "kind", "replies"):
        by_group[group][kind] = n
    if phase is None and not by_group:
        return None
    return Section(
        "submissions/_replies.html",
        {
            "phase": phase,
            "total": sum(sum(kinds.values()) for kinds in by_group.values()),
            "rows": [
                {"group": group, "replies": sum(kinds.values()), "kinds": in_words(kinds)}
                for group, kinds in sorted(by_group.items(), key=lambda row: GROUP_ORDER[row[0]])
            ],
        },
    )


def in_words(kinds: Mapping[str, int]) -> str:
    """Return how many replies there are of each kind, in the order of the kinds."""
    return " · ".join(
        f"{Reply.Kind(kind).label}: {kinds[kind]}" for kind in Reply.Kind.values if kind in kinds
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


@margin
def replies_beside(version: DocumentVersion) -> Mapping[int, Section]:
    """Show beside each provision how many replies answer points on it: one query at most."""
    if version.document.consultation.reply_phase() is None:
        return {}
    standing = Reply.objects.filter(submission__state=Submission.State.SUBMITTED)
    counted = (
        standing.filter(point__provision__version=version)
        .order_by()
        .values_list("point__provision")
        .annotate(n=Count("pk"))
    )
    return {pk: Section("submissions/_margin_replies.html", {"n": n}) for pk, n in counted}


def _margin(by_group: Mapping[str, Mapping[str, int]]) -> Section:
    rows = [
        {"group": group, "counts": counts, "points": sum(counts.values())}
        for group, counts in sorted(by_group.items(), key=lambda item: GROUP_ORDER[item[0]])
    ]
    return Section(
        "submissions/_margin.html", {"rows": rows, "points": sum(row["points"] for row in rows)}
    )


@margin
def words_beside(version: DocumentVersion) -> Mapping[int, Section]:
    """Show beside each provision the exact words points are about, and those that are gone."""
    beside: dict[int, Counter[tuple[str, bool]]] = defaultdict(Counter)
    spans: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for pk, quote, span, points in chain(_begun_here(version), _placed_here(version)):
        beside[pk][quote, span is None] += points
        if span is not None:
            spans[pk].add(span)
    return {
        pk: Section(
            "submissions/_margin_words.html",
            {
                "phrases": [
                    {"words": quote, "is_gone": is_gone, "points": points}
                    for (quote, is_gone), points in counts.most_common(MOST_PHRASES)
                ],
                "more": max(len(counts) - MOST_PHRASES, 0),
            },
            spans=sorted(spans[pk]),
        )
        for pk, counts in beside.items()
    }


Phrases = Iterator[tuple[int, str, tuple[int, int] | None, int]]


def _begun_here(version: DocumentVersion) -> Phrases:
    """Yield (provision, words, their span, points) of points made on this version."""
    made = Anchor.objects.filter(
        point__provision__version=version, point__submission__state=Submission.State.SUBMITTED
    )
    rows = made.values_list("point__provision", "quote", "start", "end").annotate(n=Count("pk"))
    for provision, quote, start, end, points in rows:
        yield provision, quote, (start, end), points


def _placed_here(version: DocumentVersion) -> Phrases:
    """Yield the same of points on earlier versions; words that are gone, without a span."""
    if version.number == 1:
        return
    by_key = dict(version.provisions.values_list("key", "pk"))
    placed = Placement.objects.filter(
        version=version, anchor__point__submission__state=Submission.State.SUBMITTED
    )
    names = ("provision", "anchor__point__provision__key", "anchor__quote", "start", "end")
    for now, key, quote, start, end, points in placed.values_list(*names).annotate(n=Count("pk")):
        if place := now or by_key.get(key):
            yield place, quote, (start, end) if now else None, points
