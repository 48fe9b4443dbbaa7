"""What moderators did, counted by stakeholder group, so that bias shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from apps.accounts.groups import GROUP_ORDER, StakeholderGroup
from apps.analysis.fairness import Compared, compare_shares
from apps.consultations.models import Consultation
from apps.moderation.models import Case, Decision
from apps.submissions.models import GroupTally, Submission

Action = Decision.Action


@dataclass(frozen=True)
class Numbers:
    """One group: what it filed, and what became of it.

    touched  submissions on record of which something is removed, in this version or the last
    """

    group: str
    submissions: int = 0
    cases: int = 0
    flags: int = 0
    kept: int = 0
    redacted: int = 0
    hidden: int = 0
    touched: int = 0
    appeals: int = 0
    reversed: int = 0

    @property
    def percent(self) -> float:
        """Share of its submissions that were touched, in per cent."""
        return 100 * self.touched / self.submissions if self.submissions else 0.0


FIELDS = (
    *("submissions", "cases", "flags", "kept", "redacted", "hidden", "touched"),
    *("appeals", "reversed"),
)


@dataclass(frozen=True)
class Statistics:
    """All groups in their fixed order, their sum, and which are touched clearly more often."""

    rows: Sequence[Numbers]
    total: Numbers
    compared: Mapping[str, Compared]

    @property
    def standing_out(self) -> list[Numbers]:
        """The groups that are touched more often than chance explains."""
        found = (row for row in self.rows if row.group in self.compared)
        return [row for row in found if self.compared[row.group].is_clearly_more]

    def in_words(self) -> list[str]:
        """Say of which groups more was removed than of the rest, one sentence each."""
        text = _(
            "Words were removed from %(share)s of the submissions of this group: %(group)s. "
            "Of all other groups: %(rest)s. Chance alone would seldom do that."
        )
        return [
            text
            % {
                "group": StakeholderGroup(row.group).label,
                "share": in_percent(self.compared[row.group].share),
                "rest": in_percent(self.compared[row.group].share_of_rest),
            }
            for row in self.standing_out
        ]


def in_percent(share: float) -> str:
    """Return a share as people read it: a small one keeps a digit, none is not the same as few."""
    return f"{100 * share:.1f}\u00a0%" if 0 < share < 0.1 else f"{100 * share:.0f}\u00a0%"


def statistics_of(consultation: Consultation) -> Statistics:
    """Return what was done in a consultation, by group: four queries, however much it was.

    These are facts about decisions of an authority, so nothing is suppressed.
    """
    counts: dict[str, dict[str, int]] = {group: {} for group in StakeholderGroup.values}
    for found in (_filed, _opened, _decided, _touched):
        for group, numbers in found(consultation).items():
            counts[group] |= numbers
    rows = [
        Numbers(group, **numbers)
        for group, numbers in sorted(counts.items(), key=lambda pair: GROUP_ORDER[pair[0]])
    ]
    total = Numbers("", **{name: sum(getattr(row, name) for row in rows) for name in FIELDS})
    # A revision that is filed at this moment may be touched and not be tallied yet.
    shares = {row.group: (min(row.touched, row.submissions), row.submissions) for row in rows}
    return Statistics(rows, total, compare_shares(shares))


def _filed(consultation: Consultation) -> dict[str, dict[str, int]]:
    tallies = GroupTally.objects.filter(consultation=consultation, question__isnull=True)
    return {group: {"submissions": n} for group, n in tallies.values_list("group", "submissions")}


def _opened(consultation: Consultation) -> dict[str, dict[str, int]]:
    cases = Case.objects.filter(consultation=consultation)
    return _by_group(cases.order_by().values("group"), cases=Count("pk"), flags=Sum("flags"))


def _decided(consultation: Consultation) -> dict[str, dict[str, int]]:
    taken = Decision.objects.filter(consultation=consultation).order_by()
    return _by_group(
        taken.values("case__group"),
        kept=Count("pk", filter=Q(action=Action.KEEP)),
        redacted=Count("pk", filter=Q(action=Action.REDACT)),
        hidden=Count("pk", filter=Q(action__in=[Action.HIDE, Action.PAGES])),
        appeals=Count("appeal"),
        reversed=Count("pk", filter=Q(reversed_at__isnull=False)),
    )


def _touched(consultation: Consultation) -> dict[str, dict[str, int]]:
    """Count submissions once; one that was revised still lacks what was removed before."""
    standing = Decision.objects.filter(
        consultation=consultation, action__in=Decision.HIDING, reversed_at__isnull=True
    )
    state = Submission.State
    again = standing.filter(case__submission=OuterRef("pk"))
    revision = Submission.objects.filter(
        ~Exists(again), revises=OuterRef("case__submission"), state=state.SUBMITTED
    )
    on_record = standing.filter(
        Q(case__submission__state=state.SUBMITTED) | Exists(revision),
        case__submission__is_reply=False,
    )
    grouped = on_record.order_by().values("case__group")
    return _by_group(grouped, touched=Count("case__submission", distinct=True))


def _by_group(grouped: Any, **counted: Any) -> dict[str, dict[str, int]]:
    """Return what is counted by the one column the rows are grouped by."""
    found: dict[str, dict[str, int]] = {}
    for row in grouped.annotate(**counted):
        numbers = {name: row.pop(name) or 0 for name in counted}
        found[next(iter(row.values()))] = numbers
    return found
