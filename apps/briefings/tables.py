"""The tables of a briefing: positions, matrix, ways of counting, coverage."""

from collections import Counter
from collections.abc import Iterable
from typing import cast

from apps.accounts.groups import StakeholderGroup
from apps.analysis.sensitivity import leave_one_out, ways_of_counting
from apps.briefings import content as model
from apps.briefings.models import Theme
from apps.briefings.picture import Picture
from apps.submissions.models import Stance

STANCE_NAMES = {
    Stance.SUPPORT.value: "support",
    Stance.SUPPORT_WITH_CHANGES.value: "support with changes",
    Stance.NEUTRAL.value: "neutral",
    Stance.OPPOSE.value: "oppose",
    Stance.CANNOT_SAY.value: "cannot say",
}


def positions(picture: Picture) -> Iterable[model.PositionRow]:
    """Yield a row per provision or question on which a stance was stated."""
    for theme in picture.themes:
        stated = picture.stances_by_group(theme)
        if not stated:
            continue
        withheld = _withheld(picture, theme)
        label, divider, title = theme.title.partition(" · ")
        yield model.PositionRow(
            id=theme.key,
            label=label if divider else str(theme.number),
            title=title if divider else theme.title,
            cells=tuple(
                model.PositionCell(
                    group=group.value,
                    answers=0 if group in withheld else stated[group].total(),
                    suppressed=group in withheld,
                    stances=named(Counter() if group in withheld else stated[group]),
                )
                for group in StakeholderGroup
            ),
        )


def matrix(picture: Picture) -> Iterable[model.Cell]:
    """Yield who raises and who states what, per theme and stakeholder group.

    Stances are withheld and not who raises a theme: that says nothing about what is thought of it.
    """
    for theme in picture.themes:
        raised, letters = picture.raised_by_group(theme), picture.letters_by_group(theme)
        stated, withheld = picture.stances_by_group(theme), _withheld(picture, theme)
        for group in StakeholderGroup:
            yield model.Cell(
                theme=theme.key,
                group=group.value,
                raised=raised[group],
                letters=letters[group],
                suppressed=group in withheld,
                stances=named(Counter() if group in withheld else stated[group]),
            )


def named(stances: Counter[str]) -> dict[str, int]:
    """Return how often each stance was stated, by the name it has in a briefing."""
    return {name: stances[stance] for stance, name in STANCE_NAMES.items()}


def _withheld(picture: Picture, theme: Theme) -> frozenset[str]:
    """Return groups of which fewer than five state a stance, and somebody without a public name."""
    members = picture.members[theme.pk]
    stating = [row for row in picture.rows if members.get(row.pk)]
    sizes = Counter(row.group for row in stating)
    nameless = {row.group for row in stating if not row.who}
    return frozenset(group for group in nameless if sizes[group] < model.LEAST_SHOWN)


def sensitivity(picture: Picture) -> model.Sensitivity:
    """Return shares and ranks under each way of counting, and what rests on one organisation."""
    readable = [row for row in picture.rows if row.state in ("own", "campaign")]
    keys = [theme.key for theme in picture.themes]
    counted = ways_of_counting(
        picture.membership(readable),
        is_own=[row.state == "own" for row in readable],
        groups=[row.group for row in readable],
        is_verified=[row.is_verified for row in readable],
        unstated="other",
    )
    own = picture.own
    depends = leave_one_out(picture.membership(own), organisations=[row.who for row in own])
    return model.Sensitivity(
        weights={
            key: {cast(model.Way, way): shares[i] for way, shares in counted.shares.items()}
            for i, key in enumerate(keys)
        },
        rank={
            cast(model.Way, way): {key: ranks[i] for i, key in enumerate(keys)}
            for way, ranks in counted.ranks.items()
        },
        n_every=len(readable),
        n_own=len(own),
        leave_one_out={
            key: model.LeaveOneOut(
                organisation=one.organisation,
                n=one.n,
                of=one.of,
                share=one.share,
                robust=one.robust,
            )
            for key, one in zip(keys, depends, strict=True)
            if one is not None
        },
    )


def coverage(
    picture: Picture, used: dict[int, list[str]], themed: dict[int, list[str]]
) -> Iterable[model.Coverage]:
    """Yield per group what was filed, read, found in a theme and cited.

    How many verified organisations filed is told where at least one did.
    """
    has_verified = any(row.is_verified for row in picture.rows)
    for group in StakeholderGroup:
        rows = [row for row in picture.rows if row.group == group]
        states = Counter(row.state for row in rows)
        own = [row for row in rows if row.state == "own"]
        yield model.Coverage(
            group=group.value,
            submissions=len(rows),
            organisations=len({row.who for row in rows} - {""}),
            themed=sum(bool(themed[row.pk]) for row in own),
            cited=sum(bool(used[row.pk]) for row in own),
            verified=sum(row.is_verified for row in rows) if has_verified else None,
            **{state: states[state] for state in model.STATES},
        )
