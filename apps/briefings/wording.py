"""What the fixed words of a briefing are: headings, leads, names of ways and kinds."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.accounts.groups import LOOKS, StakeholderGroup
from apps.briefings.content import BriefingContent, Group, Kind, State, Theme, Way
from apps.briefings.tables import STANCE_NAMES
from apps.consultations.models import Stance

STANCES = {name: Stance(stance) for stance, name in STANCE_NAMES.items()}
IN_A_FILE = re.compile(r"attachment:(\d+)#page=(\d+)")


def in_active_language(content: BriefingContent) -> BriefingContent:
    """Return the content with its groups named in the language that is active."""
    return content.model_copy(update={"groups": tuple(map(_named, content.groups))})


def _named(group: Group) -> Group:
    if group.id not in LOOKS:
        return group
    names = {"name": str(StakeholderGroup(group.id).label), "short": str(LOOKS[group.id].short)}
    return group.model_copy(update=names)


def contested_note(references: Iterable[str], *, is_earlier: bool) -> str:
    """Return what stands beside a claim that authors contest, "" where nobody does.

    is_earlier  they said it of an earlier version, as everything that is printed
    """
    named = ", ".join(references)
    if not named:
        return ""
    if is_earlier:
        told = _("Contested by %(refs)s in an earlier version: this is not what was meant.")
    else:
        told = _("Contested by %(refs)s: this is not what was meant.")
    return told % {"refs": named}


def stance_name(stance: str) -> str:
    """Return what a stance of the content is called in the language that is active."""
    return str(STANCES[stance].label).lower() if stance in STANCES else stance


def kind_names() -> dict[Kind, str]:
    """Return the heading above the claims of each kind."""
    return {
        "summary": _("Summary"),
        "for": _("Arguments for"),
        "against": _("Arguments against"),
        "condition": _("Conditions"),
        "proposal": _("Proposed texts and measures"),
        "context": _("Context"),
        "evidence": _("Evidence given"),
        "finding": _("Findings"),
    }


def place_of(part: str) -> str:
    """Return where in an attached file a text stands, "" for what stands in no file."""
    found = IN_A_FILE.fullmatch(part)
    if found is None:
        return ""
    return _("attachment %(file)s, page %(page)s") % {"file": found[1], "page": found[2]}


def way_names() -> dict[Way, str]:
    """Return what each way of counting is called."""
    return {
        "every": _("every letter counts"),
        "own": _("campaigns left out"),
        "groups": _("each group equal"),
        "stated": _("stated groups only"),
        "verified": _("verified authors only"),
    }


def ways_present(content: BriefingContent) -> list[Way]:
    """Return the ways of counting that were computed, in their fixed order."""
    given = {way for weights in content.sensitivity.weights.values() for way in weights}
    return [way for way in way_names() if way in given]


def is_coded(content: BriefingContent) -> bool:
    """Whether any position on a theme was coded."""
    return any(theme.coded for theme in content.themes)


def asks_several(content: BriefingContent) -> bool:
    """Whether themes stand under different questions, so that each has to name its own."""
    return len({theme.question for theme in content.themes}) > 1


def has_kinds(theme: Theme) -> bool:
    """Whether the claims of a theme argue; context alone needs no heading that says so."""
    return any(claim.kind != "context" for claim in theme.claims)


def theme_lead(content: BriefingContent) -> str:
    """Return how the picture of themes by group is read."""
    if is_coded(content):
        return _(
            "Positions are coded from what submissions say, and only for submissions cited in "
            "this briefing. The figure is how many texts of the group raise the theme, campaign "
            "letters left out. An empty cell means that nothing was found, not that the group "
            "agrees."
        )
    return _(
        "No position was coded from free text in this version: raising a theme is neither support "
        "nor opposition. A full bar is all texts of the group that were read; the coloured part "
        "is the share that raises the theme, the figure its number. Campaign letters are left out."
    )


def sensitivity_lead() -> str:
    """Return what the shares by way of counting are about."""
    return _(
        "The same question asked in several ways: what share of texts raises each theme if every "
        "letter counts, if campaigns are left out, if every stakeholder group weighs the same, and "
        "if only some authors are counted."
    )


def sensitivity_bases(every: int, own: int) -> str:
    """Return what the shares are shares of, and what robust means."""
    return _(
        "Bases: %(every)s texts with letters, %(own)s without. A theme is called robust if no "
        "organisation accounts for more than a fifth of the texts that raise it. Groups under "
        "five texts do not enter the equal weighting."
    ) % {"every": every, "own": own}


def reading_note() -> str:
    """Return what a reader must know before the first figure."""
    return _(
        "Volume is not a vote: a campaign is counted, shown and read once. Words in quotation "
        "marks are the author’s own, to the letter. All figures are computed from the corpus. "
        "Follow a reference in brackets to its source."
    )


def section_names() -> list[tuple[str, str]]:
    """Return anchor and heading of each part, in the order of the document."""
    return [
        ("glance", _("Findings at a glance")),
        ("who", _("Who was heard")),
        ("positions", _("Positions by group")),
        ("themes", _("Theme by theme")),
        ("minority", _("Minority and unique arguments")),
        ("sensitivity", _("Would the picture change?")),
        ("method", _("Method and limits")),
        ("annex", _("Annex: where each submission is used")),
    ]


def state_names() -> dict[State, str]:
    """Return what each state of a submission is called in a key."""
    return {
        "own": _("own text, read"),
        "campaign": _("campaign letters"),
        "attachment": _("attached file only, not read"),
        "empty": _("empty, withdrawn or disputed"),
    }


def annex_names() -> dict[State, str]:
    """Return the headings of the lists of submissions that no claim rests on."""
    return {
        "own": _("Read and not cited"),
        "attachment": _("Attached file only, not read"),
        "campaign": _("Campaign letters"),
        "empty": _("Empty, withdrawn or disputed"),
    }
