"""What the host watches while a consultation runs: who was heard, who is missing, how it grows.

Counts only: a draft is its author's alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation, Identity, Stakeholder
from apps.consultations.rules import may_edit
from apps.consultations.sections import Section, section, stakeholder_standing
from apps.core.countries import country_of
from apps.core.regions import Region, region_of
from apps.submissions.models import (
    Campaign,
    CampaignScan,
    GroupTally,
    RegisteredCampaign,
    Submission,
    Visibility,
)

MOST_STEPS = 26
MOST_CAMPAIGNS = 5
MOST_COUNTRIES = 10
WEEK = timedelta(weeks=1)
# Of the picture, in its own units.
LEFT, RIGHT, TOP, BOTTOM = 44.0, 644.0, 28.0, 200.0
State = Submission.State


@dataclass(frozen=True)
class Growth:
    """How many were filed up to the end of each step; `path` draws it, `top` is its largest."""

    rows: Sequence[tuple[datetime, int]]
    path: str
    top: int


@section("workspace", order=10)
def watched(consultation: Consultation, user: Any) -> Section | None:
    """Show numbers, growth, coverage and campaigns: 11 queries, however many were filed."""
    if not consultation.is_published:
        return None
    # Whoever works for the host sees counts; only some of them invite.
    found = {**watch(consultation), "may_invite": may_edit(user, consultation)}
    return Section("submissions/_watched.html", found)


def watch(consultation: Consultation) -> dict[str, Any]:
    """Return what is watched, by name: counts, growth, coverage, regions, countries, campaigns."""
    heard = dict(_whole(consultation).values_list("group", "submissions"))
    by_identity: Counter[str] = Counter()
    by_country: Counter[str] = Counter()
    for row in _known(consultation):
        by_identity[row["identity"]] += row["n"]
        by_country[country_of(row["country"])] += row["n"]
    drafts = consultation.submissions.filter(state=State.DRAFT).count()
    countries = by_country.most_common()
    return {
        "total": sum(heard.values()),
        "verified": by_identity[Identity.ORGANISATION],
        "drafts": drafts,
        "answered": _completeness(consultation, sum(heard.values())),
        "growth": growth_of(consultation),
        "coverage": list(_coverage(consultation, heard)),
        "regions": list(_regions(consultation, by_country)),
        "countries": [pair for pair in countries if pair[0]][:MOST_COUNTRIES],
        "n_countries": sum(1 for country, _n in countries if country),
        "without_country": by_country[""],
        "campaigns": list(_campaigns(consultation)),
        **_letters(consultation),
    }


def _known(consultation: Consultation) -> Iterable[Mapping[str, Any]]:
    """Return how many were heard by identity and country: what stands, and what was withdrawn.

    Each is counted for itself, as in `growth_of`. Rows are counted, not their keys: these are in no
    index, and PostgreSQL would read every row.
    """
    filed = Submission.objects.filter(consultation=consultation, is_reply=False).order_by()
    standing, withdrawn = (
        filed.filter(state=state).values("identity", "country").annotate(n=Count("*"))
        for state in (State.SUBMITTED, State.WITHDRAWN)
    )
    return standing.union(withdrawn, all=True)


def _whole(consultation: Consultation) -> QuerySet[GroupTally]:
    return GroupTally.objects.filter(consultation=consultation, question__isnull=True)


def _completeness(consultation: Consultation, total: int) -> int | None:
    """Return the share of questions that were answered, in per cent; None where none is asked."""
    asked = consultation.questions.asked().filter(groups=[])
    counted = asked.annotate(n=Coalesce(Sum("group_tallies__submissions"), 0))
    answered = list(counted.values_list("n", flat=True))
    if not answered or not total:
        return None
    return round(100 * sum(answered) / (len(answered) * total))


def growth_of(consultation: Consultation, *, now: datetime | None = None) -> Growth | None:
    """Return how the number of submissions grew, week by week or in longer steps: one query.

    Each step counts its own stretch of an index, so all of them together read it once.
    """
    opened = min((phase.opens_at for phase in consultation.phases.all()), default=None)
    now = now or timezone.now()
    if opened is None or opened >= now:
        return None
    closed = max((phase.closes_at or now for phase in consultation.phases.all()), default=now)
    steps = list(_steps(opened, min(closed, now)))
    # Heard is what stands and what was withdrawn since. Each is counted for itself: asked for both
    # at once, PostgreSQL would leave the index.
    counts = {
        f"step_{number}": Coalesce(Subquery(_counted(State.SUBMITTED, since, until)), 0)
        + Coalesce(Subquery(_counted(State.WITHDRAWN, since, until)), 0)
        for number, (since, until) in enumerate(steps)
    }
    row: Any = Consultation.objects.filter(pk=consultation.pk).values(**counts)[0]
    total, rows = 0, []
    for number, (_since, until) in enumerate(steps):
        total += row[f"step_{number}"]
        rows.append((until or now, total))
    return Growth(rows, _path([n for _at, n in rows]), total)


def _steps(opened: datetime, end: datetime) -> Iterator[tuple[datetime | None, datetime | None]]:
    """Yield stretches of whole weeks; the first begins before all, the last ends after all."""
    weeks = max(-(-(end - opened) // WEEK), 1)
    step = WEEK * -(-weeks // MOST_STEPS)
    number = -(-weeks * WEEK // step)
    for place in range(number):
        since = opened + place * step if place else None
        yield since, opened + (place + 1) * step if place + 1 < number else None


def _counted(state: str, since: datetime | None, until: datetime | None) -> QuerySet[Any]:
    within = Q()
    if since:
        within &= Q(submitted_at__gte=since)
    if until:
        within &= Q(submitted_at__lt=until)
    filed = Submission.objects.filter(
        within, consultation=OuterRef("pk"), state=state, is_reply=False
    )
    return filed.order_by().values("consultation").annotate(n=Count("*")).values("n")


def _path(counts: Sequence[int]) -> str:
    top, last = max(counts) or 1, max(len(counts), 1)
    points = [(LEFT, BOTTOM)]
    for place, count in enumerate(counts, 1):
        x = LEFT + (RIGHT - LEFT) * place / last
        points.append((x, BOTTOM - (BOTTOM - TOP) * count / top))
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _coverage(consultation: Consultation, heard: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Yield each group with how many were heard, wanted, and still have to be asked."""
    goals = dict(consultation.goals.values_list("group", "goal"))
    for group in StakeholderGroup.values:
        n, goal = heard.get(group, 0), goals.get(group, 0)
        yield {"group": group, "heard": n, "goal": goal, "missing": max(goal - n, 0)}


def _regions(consultation: Consultation, by_country: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Yield each region of the world with how many were heard, listed and invited: one query.

    Last come those of no country, or of one in no region, where there are any: "" stands for them.
    """
    heard: Counter[str] = Counter()
    for country, n in by_country.items():
        heard[region_of(country)] += n
    asked = consultation.stakeholders.order_by().values("country")
    counted = list(asked.annotate(n=Count("pk"), invited=Count("invited_at")))
    for region, label in (*Region.choices, ("", _("No known country"))):
        here = [row for row in counted if region_of(row["country"]) == region]
        if region or here or heard[""]:
            yield {
                "region": region,
                "label": label,
                "heard": heard[region],
                "listed": sum(row["n"] for row in here),
                "invited": sum(row["invited"] for row in here),
            }


def _campaigns(consultation: Consultation) -> QuerySet[RegisteredCampaign]:
    """Return the largest campaigns that stand, with how many letters they stand for."""
    campaigns = RegisteredCampaign.objects.filter(
        consultation=consultation, carrier__state=State.SUBMITTED
    )
    return campaigns.annotate(n=F("carrier__weight")).order_by("-n", "pk")[:MOST_CAMPAIGNS]


def _letters(consultation: Consultation) -> dict[str, Any]:
    """Return the texts most people sent, as the newest search found them: one query."""
    newest = CampaignScan.objects.filter(consultation=consultation).order_by("-pk").values("pk")
    found = Campaign.objects.filter(scan=Subquery(newest[:1])).select_related("scan", "sample")
    letters = list(found.order_by("-letters", "pk")[:MOST_CAMPAIGNS])
    for one in letters:
        one.sample.consultation = consultation
    return {"letters": letters, "searched_at": letters[0].scan.cut_off_at if letters else None}


@stakeholder_standing
def far_along(consultation: Consultation, listed: Sequence[Stakeholder]) -> Mapping[int, str]:
    """Say of stakeholders whether they began or filed, by name or address: one query.

    A submission whose author does not want to be seen by name is nobody's here.
    """
    names = {one.name.casefold(): one.pk for one in listed}
    emails = {one.email.casefold(): one.pk for one in listed if one.email}
    mine = Q(organisation_name__in=[one.name for one in listed])
    mine |= Q(author__email__in=[one.email for one in listed if one.email])
    rows = consultation.submissions.filter(
        mine, state__in=(State.DRAFT, State.SUBMITTED), visibility=Visibility.NAMED
    )
    found: dict[int, str] = {}
    for name, email, state in rows.values_list("organisation_name", "author__email", "state"):
        pk = names.get(name.casefold()) or emails.get((email or "").casefold())
        if pk and found.get(pk) != "filed":
            found[pk] = "filed" if state == State.SUBMITTED else "began"
    return found
