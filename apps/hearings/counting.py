"""How much time which stakeholder group has on a speaking list, and which groups are missing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from apps.accounts.groups import StakeholderGroup
from apps.hearings.models import Hearing, Speaker


@dataclass(frozen=True)
class GroupRow:
    """One group at a hearing: who asked, who speaks, for how many minutes."""

    group: str
    requests: int
    speakers: int
    minutes: int


@dataclass(frozen=True)
class SpeakingTime:
    """The time a speaking list takes, against the length of the hearing; in minutes."""

    total: int
    length: int

    @property
    def over(self) -> int:
        """Return by how much it does not fit, 0 where it does."""
        return max(self.total - self.length, 0)


def requests_by_group(hearing: Hearing) -> dict[str, int]:
    """Return how many asked to speak, by group: one query."""
    asked = hearing.speakers.standing().order_by().values("group").annotate(n=Count("pk"))
    return {row["group"]: row["n"] for row in asked}


def group_rows(hearing: Hearing, accepted: Sequence[Speaker]) -> list[GroupRow]:
    """Return a row for every group, in the order of every list of groups: one query."""
    requests = requests_by_group(hearing)
    speakers = Counter(one.group for one in accepted)
    minutes: Counter[str] = Counter()
    for one in accepted:
        minutes[one.group] += one.minutes
    return [
        GroupRow(group, requests.get(group, 0), speakers[group], minutes[group])
        for group in StakeholderGroup.values
    ]


def missing_groups(rows: Sequence[GroupRow]) -> list[str]:
    """Return the groups of which nobody speaks."""
    return [row.group for row in rows if not row.speakers]


def speaking_time(hearing: Hearing, accepted: Sequence[Speaker]) -> SpeakingTime:
    """Return what the list takes."""
    return SpeakingTime(sum(one.minutes for one in accepted), hearing.length)
