"""The results of a consultation as tables: who was heard, positions, where groups agree.

All of it comes from the newest briefing, so that what is shown can be followed to its words there.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.analysis.stance import agreement_a, group_divergence
from apps.briefings.content import LEAST_SHOWN, BriefingContent, Group, PositionCell, PositionRow
from apps.briefings.wording import in_active_language, stance_name

ORDERED = ("support", "support with changes", "neutral", "oppose")
FEWEST_GROUPS = 2


class Table(NamedTuple):
    """A table; `header` names the columns."""

    header: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True)
class Agreement:
    """How far those who answered one thing agree, and how far groups lie apart.

    agreement   van der Eijk's A of all answers: 1 alike, 0 spread evenly, -1 half at either end;
                None where so few answered that it would be a statement about persons
    divergence  mean distance between groups, from 0 alike to 1 at opposite ends; None where so few
                answered, or in one group only
    farthest    names of the two groups farthest apart
    """

    row: PositionRow
    answers: int
    agreement: float | None
    divergence: float | None
    farthest: tuple[str, str] | None

    @property
    def is_few(self) -> bool:
        """Return whether too few answered to say how far they agree."""
        return self.answers < LEAST_SHOWN


def tables_of(content: BriefingContent) -> dict[str, Table]:
    """Return every table by its name in addresses; texts in the language that is active."""
    content = in_active_language(content)
    return {
        "heard": Table(*_heard(content)),
        "positions": Table(*_positions(content)),
        "themes": Table(*_themes(content)),
        "agreement": Table(*_agreement(content)),
    }


def agreements(content: BriefingContent) -> list[Agreement]:
    """Return how far answers agree on each thing that was asked, those apart farthest first.

    Groups that are withheld because they are small are no part of it.
    """
    names = {group.id: group.name for group in content.groups}
    found = [one for row in content.positions if (one := _agreement_on(row, names))]
    return sorted(found, key=lambda one: -(one.divergence or 0.0))


def _agreement_on(row: PositionRow, names: dict[str, str]) -> Agreement | None:
    shown = [cell for cell in row.cells if not cell.suppressed and any(_ordered(cell))]
    if not shown:
        return None
    counts = [_ordered(cell) for cell in shown]
    whole = [sum(column) for column in zip(*counts, strict=True)]
    divergence, farthest = None, None
    if sum(whole) < LEAST_SHOWN:
        return Agreement(row, sum(whole), None, None, None)
    if len(shown) >= FEWEST_GROUPS:
        apart = group_divergence(counts)
        first, second = (names[shown[place].group] for place in apart.pair)
        divergence, farthest = apart.mean, (first, second)
    return Agreement(row, sum(whole), agreement_a(whole), divergence, farthest)


def _ordered(cell: PositionCell) -> list[int]:
    return [int(cell.stances.get(stance, 0)) for stance in ORDERED]


def _heard(content: BriefingContent) -> tuple[list[str], list[list[object]]]:
    names = {group.id: group.name for group in content.groups}
    header = [_("Group"), _("Submissions"), _("Own text"), _("Campaign letters"), _("Verified")]
    rows: list[list[object]] = [
        [
            names[row.group],
            row.submissions,
            row.own,
            row.campaign,
            "" if row.verified is None else row.verified,
        ]
        for row in content.coverage
    ]
    return header, rows


def _positions(content: BriefingContent) -> tuple[list[str], list[list[object]]]:
    header = [_("Number"), _("Asked"), _("Group"), _("Answers")]
    header += map(stance_name, content.stances)
    return header, list(_position_rows(content))


def _position_rows(content: BriefingContent) -> Iterator[list[object]]:
    groups: dict[str, Group] = {group.id: group for group in content.groups}
    for row in content.positions:
        for cell in row.cells:
            if cell.suppressed:
                counts: list[object] = [_("under 5"), *("" for _stance in content.stances)]
            else:
                counts = [cell.answers, *(cell.stances.get(one, 0) for one in content.stances)]
            yield [row.label, row.title, groups[cell.group].name, *counts]


def _themes(content: BriefingContent) -> tuple[list[str], list[list[object]]]:
    header = [_("Theme"), _("Group"), _("Texts that raise it"), _("Campaign letters")]
    names = {group.id: group.name for group in content.groups}
    titles = {theme.id: theme.title for theme in content.themes}
    rows: list[list[object]] = [
        [titles[cell.theme], names[cell.group], cell.raised, cell.letters]
        for cell in content.matrix
        if cell.theme in titles
    ]
    return header, rows


def _agreement(content: BriefingContent) -> tuple[list[str], list[list[object]]]:
    header = [
        *(_("Number"), _("Asked"), _("Answers"), _("Agreement, -1 to 1")),
        *(_("Distance of groups, 0 to 1"), _("Farthest apart")),
    ]
    rows: list[list[object]] = [
        [
            one.row.label,
            one.row.title,
            one.answers,
            _told(one.agreement, one),
            _told(one.divergence, one),
            " / ".join(one.farthest or ()),
        ]
        for one in agreements(content)
    ]
    return header, rows


def _told(figure: float | None, of: Agreement) -> object:
    if of.is_few:
        return _("too few answers")
    return "" if figure is None or math.isnan(figure) else round(figure, 2)
