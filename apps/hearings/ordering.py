"""Puts a speaking list in order, the stakeholder groups in turn; the same list gives the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from apps.accounts.groups import GROUP_ORDER
from apps.hearings.models import Speaker


def in_turn(accepted: Sequence[Speaker], requests: Mapping[str, int]) -> list[Speaker]:
    """Return speakers round by round, one of each group in each round.

    The group with the fewest requests begins each round, groups with as many in the order of every
    list of groups; inside a group whoever asked first speaks first.

    requests  how many asked, by group, also those that were not accepted
    """
    by_group: dict[str, list[Speaker]] = defaultdict(list)
    for one in sorted(accepted, key=lambda each: (each.asked_at, each.pk)):
        by_group[one.group].append(one)
    turn = sorted(by_group, key=lambda group: (requests.get(group, 0), GROUP_ORDER[group]))
    rounds = zip_longest(*(by_group[group] for group in turn))
    return [one for each in rounds for one in each if one is not None]
