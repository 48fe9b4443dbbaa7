"""How submissions are pointed at: short in a margin, whole in the annex, uncited ones in a row."""

from dataclasses import dataclass

from apps.briefings.content import BriefingContent, Group, State, Submission
from apps.core.display import display_text

ANNEX_ORDER: tuple[State, ...] = ("own", "attachment", "campaign", "empty")
# Above this many, the references of the annex are listed without a link of their own.
LINKED_REFERENCES = 2000


@dataclass(frozen=True)
class AnnexGroup:
    """The uncited submissions of one group in one state."""

    group: Group
    submissions: tuple[Submission, ...]

    @property
    def references(self) -> str:
        """All references in one line, for annexes too long for links."""
        return "  ".join(display_text(submission.ref) for submission in self.submissions)


@dataclass(frozen=True)
class AnnexPart:
    """The uncited submissions in one state, by group."""

    state: State
    groups: tuple[AnnexGroup, ...]

    @property
    def total(self) -> int:
        """How many submissions the part lists."""
        return sum(len(one.submissions) for one in self.groups)


def annex_parts(content: BriefingContent) -> list[AnnexPart]:
    """Return every uncited submission once: read, not read, campaign letters, empty."""
    rest: dict[tuple[str, str], list[Submission]] = {}
    for submission in content.submissions:
        if not submission.cited_in:
            rest.setdefault((submission.state, submission.group), []).append(submission)
    return [
        AnnexPart(
            state,
            tuple(
                AnnexGroup(group, tuple(rest[state, group.id]))
                for group in content.groups
                if (state, group.id) in rest
            ),
        )
        for state in ANNEX_ORDER
    ]


def short_references(content: BriefingContent) -> dict[str, str]:
    """Return what to call each submission in a margin: its last component where all else is shared.

    "CMS-2022-0163-0042" becomes "0042" if every reference of the corpus starts "CMS-2022-0163-".
    """
    refs = [submission.ref for submission in content.submissions]
    starts = {ref.rpartition("-")[0] for ref in refs}
    ends = [ref.rpartition("-")[2] for ref in refs]
    if len(starts) == 1 and all(ends):
        return dict(zip(refs, map(display_text, ends), strict=True))
    return {ref: display_text(ref) for ref in refs}
