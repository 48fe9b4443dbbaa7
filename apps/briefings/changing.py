"""Computes what changed since the version before: who came in, which themes are new or gone."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from scipy.optimize import linear_sum_assignment

from apps.accounts.groups import StakeholderGroup
from apps.briefings.claiming import Draft
from apps.briefings.models import Briefing
from apps.briefings.picture import Picture, State
from apps.briefings.understanding import Counted, counted
from apps.core.dates import day_in_words

SAME_THEME = 0.5  # of the submissions that raise either and were there both times, that raise both
MOST_SHOWN = 3  # themes of each kind of change
Refs = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Version:
    """What is compared of a version: its submissions, and by theme who raises it.

    refs    every submission listed
    filled  of them those with any content: a withdrawn one is still listed, without its words
    """

    refs: frozenset[str]
    filled: frozenset[str]
    titles: Mapping[str, str]
    raised: Refs

    def among(self, refs: frozenset[str]) -> Refs:
        """Return who of these raises each theme."""
        return {key: raisers & refs for key, raisers in self.raised.items()}


def changes(picture: Picture) -> list[Draft]:
    """Return what changed since the newest ready version before this one; nothing for a first."""
    earlier = (
        Briefing.objects.ready()
        .filter(consultation=picture.briefing.consultation_id, version__lt=picture.briefing.version)
        .order_by("-version")
        .first()
    )
    if earlier is None:
        return []
    before, now = _stored(earlier.content), _pictured(picture)
    base = {
        "earlier": (earlier.version, "newest version before this one"),
        "day": (_day(earlier.content["document"]["date"]), "cut-off of that version"),
    }
    marked = _understood(counted(earlier), base)
    return [*_submissions(picture, before, now, base), *marked, *_themes(before, now)]


def _submissions(
    picture: Picture, before: Version, now: Version, base: dict[str, tuple[Any, str]]
) -> list[Draft]:
    came, gone = now.refs - before.refs, before.filled - now.filled
    numbers = base | {"all": (len(now.refs), "all submissions")}
    if not came and not gone:
        text = _("The same {all} submissions are read as in version {earlier} of {day}.")
        return [Draft(text, "finding", numbers)]
    text = _(
        "Submissions that came in since version {earlier} of {day}: {came}. "
        "Withdrawn or replaced since: {gone}. Listed now: {all}."
    )
    numbers |= {
        "came": (len(came), "references in this version and not in the earlier one"),
        "gone": (len(gone), "with content in the earlier version and without in this one"),
    }
    drafts = [Draft(text, "finding", numbers)]
    new = [row for row in picture.rows if row.ref in came]
    if new:
        by_group = Counter(row.group for row in new)
        listed = ", ".join(f"{g.label} {by_group[g]}" for g in StakeholderGroup if by_group[g])
        letters = sum(row.state == State.CAMPAIGN for row in new)
        text = _("They came from: {groups}. Campaign letters among them: {letters}.")
        of_new = {
            "groups": (listed, "submissions that came in, by stakeholder group"),
            "letters": (letters, "submissions that came in with the text of a campaign"),
        }
        drafts.append(Draft(text, "finding", of_new))
    return drafts


def _understood(marks: Counted, base: dict[str, tuple[Any, str]]) -> list[Draft]:
    if not marks.confirmed and not marks.contested:
        return []
    text = _(
        "Authors whom version {earlier} of {day} cites confirmed {confirmed} of its claims and "
        "contested {contested}."
    )
    numbers = base | {
        "confirmed": (marks.confirmed, "claims that an author they cite confirmed"),
        "contested": (marks.contested, "claims that an author they cite contested"),
    }
    return [Draft(text, "finding", numbers)]


def _themes(before: Version, now: Version) -> list[Draft]:
    same = same_themes(before, now)
    new = sorted(set(now.raised) - set(same.values()), key=lambda k: (-len(now.raised[k]), k))
    gone = sorted(set(before.raised) - set(same), key=lambda k: (-len(before.raised[k]), k))
    moved = [(old, key) for old, key in same.items() if before.raised[old] != now.raised[key]]
    moved.sort(
        key=lambda pair: (-abs(len(now.raised[pair[1]]) - len(before.raised[pair[0]])), pair)
    )
    texts = {
        "new": _("A theme not found before is “{theme}”, raised by {n} submissions."),
        "gone": _("No longer a theme of its own: “{theme}”, which {n} submissions raised before."),
        "moved": _("“{theme}” is raised by {n} submissions; it was {before}."),
    }
    drafts = [_one(texts["new"], now, key) for key in new[:MOST_SHOWN]]
    drafts += [_one(texts["gone"], before, key) for key in gone[:MOST_SHOWN]]
    for old, key in moved[:MOST_SHOWN]:
        draft = _one(texts["moved"], now, key)
        draft.numbers["before"] = (len(before.raised[old]), "the same in the earlier version")
        drafts.append(draft)
    return drafts


def same_themes(before: Version, now: Version) -> dict[str, str]:
    """Return earlier theme -> present theme that hold mostly the same submissions, one to one.

    Themes are proposed anew for every version: their names may change while what they hold does
    not. Only submissions of both versions are compared; the pairing with the largest total overlap
    (Jaccard) is taken (Hungarian algorithm), and pairs below `SAME_THEME` are dropped.
    """
    both = before.refs & now.refs
    old, new = before.among(both), now.among(both)
    rows, columns = sorted(old), sorted(new)
    if not rows or not columns:
        return {}
    overlap = np.array([[_jaccard(old[r], new[c]) for c in columns] for r in rows])
    pairs = zip(*linear_sum_assignment(-overlap), strict=True)
    return {rows[i]: columns[j] for i, j in pairs if overlap[i, j] >= SAME_THEME}


def _one(text: str, version: Version, key: str) -> Draft:
    numbers: dict[str, tuple[Any, str]] = {
        "theme": (version.titles[key], "title of the theme"),
        "n": (len(version.raised[key]), "submissions in the theme, letters included"),
    }
    return Draft(text, "finding", numbers)


def _pictured(picture: Picture) -> Version:
    refs = {row.pk: row.ref for row in picture.rows}
    return Version(
        frozenset(refs.values()),
        frozenset(row.ref for row in picture.rows if row.state != State.EMPTY),
        {theme.key: theme.title for theme in picture.themes},
        {
            theme.key: frozenset(refs[pk] for pk in picture.members[theme.pk] if pk in refs)
            for theme in picture.themes
        },
    )


def _stored(content: Mapping[str, Any]) -> Version:
    raised: dict[str, set[str]] = defaultdict(set)
    for submission in content["submissions"]:
        for key in submission["themes"]:
            raised[key].add(submission["ref"])
    titles = {theme["id"]: theme["title"] for theme in content["themes"]}
    return Version(
        frozenset(submission["ref"] for submission in content["submissions"]),
        frozenset(s["ref"] for s in content["submissions"] if s["state"] != State.EMPTY),
        titles,
        {key: frozenset(raised[key]) for key in titles},
    )


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def _day(parts: list[int]) -> str:
    return day_in_words(date(*parts))
