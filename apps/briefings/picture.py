"""Loads the whole picture of a briefing once: who filed what, and who raises which theme."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from apps.briefings.models import Briefing, CorpusItem, Theme, ThemeAssignment
from apps.consultations.models import Identity
from apps.submissions.models import Campaign

State = CorpusItem.State


@dataclass(frozen=True, slots=True)
class Row:
    """One submission of the corpus; `is_verified` where a verified organisation filed it."""

    pk: int
    ref: str
    group: str
    who: str
    declared: str
    received_on: date | None
    state: str
    campaign_id: int | None
    source_url: str
    is_verified: bool


@dataclass(frozen=True)
class Picture:
    """Everything the computed sentences are about.

    rows     every submission of the corpus, in the order of their references
    themes   in the order of the briefing
    members  by theme: the stance (or "") of each submission that raises it
    """

    briefing: Briefing
    rows: Sequence[Row]
    themes: Sequence[Theme]
    members: dict[int, dict[int, str]]
    campaigns: Sequence[Campaign]

    @property
    def own(self) -> list[Row]:
        """Submissions with text of their own."""
        return [row for row in self.rows if row.state == State.OWN]

    def states(self) -> Counter[str]:
        """How many submissions there are of each state."""
        return Counter(row.state for row in self.rows)

    def groups_heard(self) -> Counter[str]:
        """How many submissions there are of each stakeholder group."""
        return Counter(row.group for row in self.rows)

    def raised_by_group(self, theme: Theme) -> Counter[str]:
        """How many own texts of each group raise a theme."""
        members = self.members[theme.pk]
        return Counter(row.group for row in self.own if row.pk in members)

    def letters_by_group(self, theme: Theme) -> Counter[str]:
        """How many campaign letters of each group raise a theme."""
        members = self.members[theme.pk]
        letters = (row for row in self.rows if row.state == State.CAMPAIGN)
        return Counter(row.group for row in letters if row.pk in members)

    def stances_by_group(self, theme: Theme) -> dict[str, Counter[str]]:
        """Which stances each group states on a theme."""
        groups = {row.pk: row.group for row in self.rows}
        stated: dict[str, Counter[str]] = defaultdict(Counter)
        for pk, stance in self.members[theme.pk].items():
            if stance and pk in groups:
                stated[groups[pk]][stance] += 1
        return stated

    def membership(self, rows: Sequence[Row]) -> np.ndarray:
        """Return (n_rows, n_themes) of bool: which submission raises which theme."""
        raised = np.zeros((len(rows), len(self.themes)), dtype=bool)
        for number, theme in enumerate(self.themes):
            members = self.members[theme.pk]
            raised[:, number] = [row.pk in members for row in rows]
        return raised


def load_picture(briefing: Briefing) -> Picture:
    """Read the corpus, the themes and the assignments of a briefing."""
    themes = list(Theme.objects.filter(frame=briefing.frame).select_related("question"))
    members: dict[int, dict[int, str]] = {theme.pk: {} for theme in themes}
    assignments = ThemeAssignment.objects.filter(theme__frame=briefing.frame)
    for theme_id, pk, stance in assignments.values_list("theme_id", "submission_id", "stance"):
        members[theme_id][pk] = stance
    scan = briefing.frozen.scan
    campaigns = list(scan.campaigns.all()) if scan else []
    return Picture(briefing, list(_rows(briefing)), themes, members, campaigns)


def _rows(briefing: Briefing) -> Iterator[Row]:
    items = CorpusItem.objects.filter(corpus=briefing.corpus).order_by("submission__reference")
    told = (
        "submission_id",
        "submission__reference",
        "submission__group",
        "submission__organisation_name",
        "submission__declared_label",
        "submission__submitted_at",
        "submission__is_dated",
        "state",
        "campaign_id",
        "submission__source_url",
        "submission__identity",
    )
    for pk, ref, group, who, label, at, dated, state, campaign, url, identity in items.values_list(
        *told
    ):
        day = at.date() if at and dated else None
        is_verified = identity == Identity.ORGANISATION
        yield Row(pk, ref or "", group, who, label, day, state, campaign, url, is_verified)
