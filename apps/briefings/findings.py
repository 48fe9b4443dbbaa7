"""Computes the sentences about the whole: findings, who is missing, where groups agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.groups import StakeholderGroup
from apps.analysis.stance import agreement_a, group_divergence
from apps.briefings.claiming import Draft
from apps.briefings.models import CorpusItem, Theme
from apps.briefings.picture import Picture, State
from apps.submissions.campaigns import SHARED_BY, mostly_shared
from apps.submissions.models import Stance, Submission

FEWEST_TEXTS = 5  # a share of fewer texts would be a statement about persons, not a group
ORDERED = (Stance.SUPPORT, Stance.SUPPORT_WITH_CHANGES, Stance.NEUTRAL, Stance.OPPOSE)
Numbers = dict[str, tuple[Any, str]]


@dataclass(frozen=True)
class Spread:
    """How far the groups lie apart on one theme: shares of a group's own texts, in per cent."""

    theme: Theme
    low: float
    high: float
    low_group: str
    high_group: str

    @property
    def gap(self) -> float:
        """Percentage points between the group that raises it most and the one that does least."""
        return self.high - self.low


def at_a_glance(
    picture: Picture, rank: dict[str, dict[str, int]]
) -> list[tuple[Draft, Theme | None]]:
    """Return the findings of the one-page note, each with the theme it belongs to.

    rank  by way of counting ("every", "own", "groups", …): theme key to rank, 1 is first
    """
    found: list[tuple[Draft, Theme | None]] = [(_filed(picture), None)]
    if not picture.rows:
        return found
    widest = sorted(picture.themes, key=lambda t: rank.get("own", {}).get(t.key, 0))
    if picture.own and widest:
        found.append((_widest(picture, widest[0], rank), widest[0]))
    gaps = sorted(spreads(picture), key=lambda s: -s.gap)
    if gaps and gaps[0].gap:
        found.append((_split(gaps[0]), gaps[0].theme))
    found += _campaign_effect(picture, rank)
    found += [(draft, theme) for draft, theme in _stated(picture)][:2]
    found.append((_unread(picture), None))
    return found


def missing(picture: Picture) -> list[Draft]:
    """Return what the reader must know about who was and was not heard."""
    heard = picture.groups_heard()
    absent = [str(group.label) for group in StakeholderGroup if not heard[group]]
    drafts = []
    if absent and picture.rows:
        text = _("Not heard from: {groups}. That is {n} of {all} stakeholder groups.")
        drafts.append(
            Draft(
                text,
                "finding",
                {
                    "groups": (
                        ", ".join(absent),
                        "names of the stakeholder groups without a submission",
                    ),
                    "n": (len(absent), "stakeholder groups without a submission"),
                    "all": (len(StakeholderGroup), "stakeholder groups"),
                },
            )
        )
    drafts.append(_names(picture))
    undeclared = sum(not row.declared and row.group == "other" for row in picture.rows)
    if undeclared:
        text = _("{n} submissions declare no category; they stand under “Other”.")
        drafts.append(Draft(text, "finding", {"n": (undeclared, "without a declared category")}))
    if alike := _mostly_shared(picture):
        drafts.append(alike)
    return drafts


def _names(picture: Picture) -> Draft:
    numbers: Numbers = {
        "named": (sum(bool(row.who) for row in picture.rows), "with an organisation's name"),
        "total": (len(picture.rows), "all submissions"),
    }
    verified = sum(row.is_verified for row in picture.rows)
    if not verified:
        text = _(
            "{named} of {total} submissions name an organisation. "
            "No name and no group was verified."
        )
        return Draft(text, "finding", numbers)
    text = _(
        "{named} of {total} submissions name an organisation. Verified organisations filed "
        "{verified}. No group was verified."
    )
    numbers["verified"] = (verified, "filed by an organisation that was verified")
    return Draft(text, "finding", numbers)


def _mostly_shared(picture: Picture) -> Draft | None:
    own = CorpusItem.objects.filter(corpus=picture.briefing.corpus, state=State.OWN)
    found = mostly_shared(Submission.objects.filter(pk__in=own.values("submission")))
    if not found:
        return None
    text = _(
        "Of {own} texts of their own, {n} mostly consist of sentences that at least {least} of "
        "them share word for word. They copy no letter as a whole, so each counts by itself."
    )
    numbers: Numbers = {
        "n": (len(found), "texts of their own that are mostly sentences shared word for word"),
        "own": (picture.states()[State.OWN], "submissions with text of their own"),
        "least": (SHARED_BY, "texts that hold a sentence before it counts as shared"),
    }
    return Draft(text, "finding", numbers)


def agreement(picture: Picture) -> list[Draft]:
    """Return where groups agree and where they split: on stances, else on what they raise."""
    drafts = [draft for draft, _theme in _stated(picture)]
    gaps = sorted(spreads(picture), key=lambda s: s.gap)
    shared = [spread for spread in gaps if spread.low > 0]
    if shared:
        drafts.append(_shared(shared[0]))
    if len(gaps) > 1:
        drafts += [_split(spread) for spread in reversed(gaps[-2:]) if spread.gap]
    return drafts


def spreads(picture: Picture) -> Iterator[Spread]:
    """Yield how far groups lie apart on each theme; small groups and "other" are left out."""
    sizes = {g: n for g, n in _own_sizes(picture).items() if n >= FEWEST_TEXTS and g != "other"}
    if len(sizes) < 2:
        return
    for theme in picture.themes:
        raised = picture.raised_by_group(theme)
        shares = {group: round(100 * raised[group] / n, 1) for group, n in sizes.items()}
        low = min(shares, key=lambda g: (shares[g], g))
        high = max(shares, key=lambda g: (shares[g], g))
        yield Spread(theme, shares[low], shares[high], low, high)


def _filed(picture: Picture) -> Draft:
    states = picture.states()
    if not picture.rows:
        text = _("{total} submissions were filed. There is nothing to summarise.")
        return Draft(text, "finding", {"total": (0, "all submissions")})
    # Worded so that it reads well with any number.
    text = _(
        "Submissions filed: {total}, by {groups} of {all} stakeholder groups. "
        "With text of their own: {own}."
    )
    numbers: Numbers = {
        "total": (len(picture.rows), "all submissions"),
        "groups": (len(picture.groups_heard()), "stakeholder groups with a submission"),
        "all": (len(StakeholderGroup), "stakeholder groups"),
        "own": (states[State.OWN], "submissions with text of their own"),
    }
    return Draft(text, "finding", numbers)


def _widest(picture: Picture, theme: Theme, rank: dict[str, dict[str, int]]) -> Draft:
    raised = picture.raised_by_group(theme).total()
    text = _(
        "The theme raised by the largest number of texts is “{theme}”: {n} of {of} texts read."
    )
    numbers: Numbers = {
        "theme": (theme.title, "title of the theme"),
        "n": (raised, "submissions in the theme with text of their own"),
        "of": (len(picture.own), "submissions with text of their own"),
    }
    if "groups" in rank:
        text += " " + _("It has rank {rank} of {themes} when each group counts the same.")
        numbers["rank"] = (rank["groups"][theme.key], "rank by the mean share over groups")
        numbers["themes"] = (len(picture.themes), "themes")
    return Draft(text, "finding", numbers)


def _split(spread: Spread) -> Draft:
    text = _(
        "Groups differ on “{theme}”: it is raised in {high} ({high_group}) and in {low} "
        "({low_group}) of the texts of a group."
    )
    return Draft(text, "finding", _spread_numbers(spread))


def _shared(spread: Spread) -> Draft:
    text = _(
        "Groups come closest on “{theme}”: it is raised in {low} ({low_group}) to {high} "
        "({high_group}) of the texts of a group."
    )
    return Draft(text, "finding", _spread_numbers(spread))


def _spread_numbers(spread: Spread) -> Numbers:
    base = f"share of own texts, groups with at least {FEWEST_TEXTS}"
    return {
        "theme": (spread.theme.title, "title of the theme"),
        "high": (f"{spread.high:g} %", base),
        "high_group": (_label(spread.high_group), "group with the largest share"),
        "low": (f"{spread.low:g} %", base),
        "low_group": (_label(spread.low_group), "group with the smallest share"),
    }


def _campaign_effect(
    picture: Picture, rank: dict[str, dict[str, int]]
) -> list[tuple[Draft, Theme | None]]:
    """Return what the largest campaign does to the ranks, where there is one."""
    if not picture.campaigns:
        return []
    letters = picture.states()[State.CAMPAIGN]
    numbers: Numbers = {
        "letters": (letters, "submissions with the text of a campaign"),
        "total": (len(picture.rows), "all submissions"),
        "campaigns": (len(picture.campaigns), "campaigns found"),
    }
    text = ngettext(
        "{letters} of {total} submissions are letters of {campaigns} campaign.",
        "{letters} of {total} submissions are letters of {campaigns} campaigns.",
        len(picture.campaigns),
    )
    if "own" not in rank:
        return [(Draft(text, "finding", numbers), None)]
    moved = max(
        picture.themes, key=lambda t: rank["own"][t.key] - rank["every"][t.key], default=None
    )
    if moved is None or rank["own"][moved.key] == rank["every"][moved.key]:
        return [(Draft(text, "finding", numbers), moved)]
    text += " " + _(
        "With every letter counted “{theme}” has rank {with_letters}, without them {without}."
    )
    numbers |= {
        "theme": (moved.title, "theme whose rank changes by the widest step"),
        "with_letters": (rank["every"][moved.key], "rank by share of all readable texts"),
        "without": (rank["own"][moved.key], "rank, campaign letters left out"),
    }
    return [(Draft(text, "finding", numbers), moved)]


def _stated(picture: Picture) -> Iterator[tuple[Draft, Theme]]:
    """Yield stated positions per theme with agreement and the distance between groups."""
    for theme in picture.themes:
        by_group = picture.stances_by_group(theme)
        counts = np.array(
            [[stated[s] for s in ORDERED] for stated in by_group.values()], dtype=float
        )
        if not len(counts) or counts.sum() < FEWEST_TEXTS:
            continue
        total = counts.sum(axis=0)
        text = _(
            "On “{theme}”, {support} of {n} stated positions support it, with or without changes, "
            "and {oppose} oppose it. Agreement is {agreement} "
            "(split between the ends: {low}, all alike: {top})."
        )
        numbers: Numbers = {
            "theme": (theme.title, "title of the theme"),
            "support": (int(total[0] + total[1]), "stance support or support with changes"),
            "oppose": (int(total[3]), "stance oppose"),
            "n": (int(total.sum()), "stated positions, cannot say left out"),
            "agreement": (round(float(agreement_a(total)), 2), "van der Eijk's A, 2001"),
            "low": (-1, "lowest value of A"),
            "top": (1, "highest value of A"),
        }
        sized = counts[counts.sum(axis=1) >= FEWEST_TEXTS]
        if len(sized) > 1:
            text += " " + _("Between groups the largest distance is {distance} of {most}.")
            divergence = group_divergence(sized)
            numbers["distance"] = (round(divergence.maximum, 2), "largest earth mover's distance")
            numbers["most"] = (1, "largest possible distance")
        yield Draft(text, "finding", numbers), theme


def _unread(picture: Picture) -> Draft:
    states = picture.states()
    raised = picture.membership(picture.own)
    unthemed = int((~raised.any(axis=1)).sum()) if raised.size else len(picture.own)
    text = _(
        "Not read, because they only point at a file: {attachment}; because they are empty: "
        "{empty}. Read without finding a theme: {unthemed}; the annex lists them."
    )
    numbers: Numbers = {
        "attachment": (states[State.ATTACHMENT], "submissions that only point at a file"),
        "empty": (states[State.EMPTY], "submissions without any text"),
        "unthemed": (unthemed, "texts of their own that fit no theme"),
    }
    return Draft(text, "finding", numbers)


def _own_sizes(picture: Picture) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for row in picture.own:
        sizes[row.group] = sizes.get(row.group, 0) + 1
    return sizes


def _label(group: str) -> str:
    return str(StakeholderGroup(group).label)
