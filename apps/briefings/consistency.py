"""Whether the parts of a briefing fit together: names, sources, and a ledger without gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from apps.briefings.prose import typed_number

if TYPE_CHECKING:
    from apps.briefings.content import BriefingContent


def check_claims(content: BriefingContent) -> None:
    """Raise ValueError if a claim is not unique, or names a theme or number it may not."""
    themes = {theme.id for theme in content.themes}
    seen: set[str] = set()
    for claim in content.claims():
        if claim.id in seen:
            raise ValueError(f"two claims are called {claim.id}")
        seen.add(claim.id)
        if claim.theme is not None and claim.theme not in themes:
            raise ValueError(f"claim {claim.id}: no theme {claim.theme}")
        if typed := typed_number(claim.text, content.document.lang):
            raise ValueError(f"claim {claim.id}: a number is typed, not computed: {typed}")


def check_references(content: BriefingContent) -> None:
    """Raise ValueError if anything refers to a group, theme, stance or source that is not there."""
    groups, themes = [g.id for g in content.groups], [t.id for t in content.themes]
    campaigns = [campaign.id for campaign in content.heard.campaigns]
    refs = [submission.ref for submission in content.submissions]
    for name, ids in (("group", groups), ("theme", themes), ("submission", refs)):
        _require_known(name, (i for i, n in Counter(ids).items() if n > 1), set(), "twice")
    cells = [cell for row in content.positions for cell in row.cells]
    citations = [citation for claim in content.claims() for citation in claim.citations]
    _require_known("submission", (citation.ref for citation in citations), set(refs))
    _require_known("submission", (c.sample for c in content.heard.campaigns), set(refs))
    _require_known("submission", (one.carrier for one in content.heard.registered), set(refs))
    _require_known("campaign", (c.campaign for c in citations if c.campaign), set(campaigns))
    _require_known("stance", (c.stance for c in citations if c.stance), set(content.stances))
    stated = [cell.stances for cell in content.matrix] + [cell.stances for cell in cells]
    stated += [theme.stances for theme in content.themes]
    _require_known("stance", (name for one in stated for name in one), set(content.stances))
    grouped = [cell.group for cell in content.matrix] + [cell.group for cell in cells]
    grouped += [row.group for row in content.coverage]
    grouped += [submission.group for submission in content.submissions]
    _require_known("group", grouped, set(groups))
    _require_known("theme", (cell.theme for cell in content.matrix), set(themes))
    _require_known("theme", content.sensitivity.weights, set(themes))
    _require_known("theme", content.sensitivity.leave_one_out, set(themes))
    _require_known("theme", (t for s in content.submissions for t in s.themes), set(themes))


def _require_known(
    name: str, used: Iterable[str], known: set[str], problem: str = "unknown"
) -> None:
    if strangers := sorted(set(used) - known):
        raise ValueError(f"{name} {problem}: {', '.join(strangers[:5])}")


def check_ledger(content: BriefingContent) -> None:
    """Raise ValueError unless every submission is counted once and listed with its claims."""
    used: dict[str, set[str]] = {}
    for claim in content.claims():
        for citation in claim.citations:
            used.setdefault(citation.ref, set()).add(claim.id)
    for one in content.submissions:
        if set(one.cited_in) != used.get(one.ref, set()):
            raise ValueError(f"submission {one.ref}: cited_in is not where it is cited")
    states = Counter(submission.state for submission in content.submissions)
    if content.heard.total != len(content.submissions):
        raise ValueError("heard.total is not the number of submissions listed")
    if states != +Counter(content.heard.states):
        raise ValueError("heard.states do not count the submissions listed")
    listed = Counter((submission.group, submission.state) for submission in content.submissions)
    counted = Counter({(c.group, s): getattr(c, s) for c in content.coverage for s in states})
    if listed != +counted or sum(c.submissions for c in content.coverage) != listed.total():
        raise ValueError("coverage does not count the submissions listed")
