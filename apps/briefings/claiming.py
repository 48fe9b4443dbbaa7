"""Writes the claims of one theme: computed sentences, each with the words it rests on."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.groups import StakeholderGroup
from apps.briefings.models import Briefing, Citation, Claim, CorpusItem, Theme
from apps.briefings.quoting import Quote, Selection, quote_campaigns, select_quotes
from apps.briefings.theming import Readable, readable
from apps.consultations.models import Question
from apps.submissions.models import Answer, Campaign, Point, Stance

QUOTA = 2
SECTION_THEME = "theme"
SECTION_MINORITY = "minority"
KIND_OF_STANCE = {
    Stance.SUPPORT: "for",
    Stance.OPPOSE: "against",
    Stance.SUPPORT_WITH_CHANGES: "condition",
}


@dataclass
class Draft:
    """A claim before it is stored: `numbers` maps a placeholder to (value, how it was found)."""

    text: str
    kind: str = "context"
    numbers: dict[str, tuple[Any, str]] = field(default_factory=dict)
    citations: list[Citation] = field(default_factory=list)


@dataclass(frozen=True)
class Raising:
    """Who raises a theme: by submission its group, state and stance; own texts per group."""

    groups: dict[int, str]
    states: dict[int, str]
    stances: dict[int, str]
    own_by_group: Counter[str]

    @property
    def own(self) -> list[int]:
        """Submissions that raise it in words of their own."""
        return [pk for pk, state in self.states.items() if state == CorpusItem.State.OWN]

    @property
    def stated(self) -> Counter[str]:
        """Stances that were stated, by stance."""
        return Counter(stance for stance in self.stances.values() if stance)


@dataclass(frozen=True)
class ThemeDrafts:
    """The claims of one theme, and what stands apart in each group, for the minority section."""

    claims: list[Draft]
    apart: list[Draft]


def draft_claims(briefing: Briefing, theme: Theme) -> ThemeDrafts:
    """Compute the claims of a theme; writes nothing."""
    raising = who_raises(briefing, theme)
    reading = readable(briefing.frozen)
    selection = select_quotes(theme, reading, quota=QUOTA)
    claims = [
        _summary(raising),
        *_positions(theme, raising, selection),
        *_choices(theme, raising),
        *_by_group(raising, selection),
        *_campaigns(theme, reading),
    ]
    return ThemeDrafts(claims, _apart(theme, selection))


def store(briefing: Briefing, theme: Theme, drafts: ThemeDrafts) -> None:
    """Store the claims with the numbers "<theme>.0", "<theme>.1", …

    Those of the minority section are numbered over all themes when the briefing is composed.
    """
    for number, draft in enumerate(drafts.claims):
        save_claim(briefing, draft, number=f"{theme.number}.{number}", theme=theme)
    for number, draft in enumerate(drafts.apart, 1):
        save_claim(
            briefing,
            draft,
            number=f"U{theme.number}-{number}",
            theme=theme,
            section=SECTION_MINORITY,
        )


def who_raises(briefing: Briefing, theme: Theme) -> Raising:
    """Return who raises a theme, with the size of every group among the texts read."""
    items = CorpusItem.objects.filter(corpus=briefing.corpus)
    stances = dict(theme.assignments.values_list("submission_id", "stance"))
    groups: dict[int, str] = {}
    states: dict[int, str] = {}
    own: Counter[str] = Counter()
    for pk, state, group in items.values_list("submission_id", "state", "submission__group"):
        if state == CorpusItem.State.OWN:
            own[group] += 1
        if pk in stances:
            groups[pk], states[pk] = group, state
    return Raising(groups, states, stances, own)


def save_claim(
    briefing: Briefing,
    draft: Draft,
    *,
    number: str,
    theme: Theme | None = None,
    section: str = SECTION_THEME,
) -> Claim:
    """Store a claim with its citations."""
    claim = Claim.objects.create(
        briefing=briefing,
        number=number,
        position=0,
        section=section,
        kind=draft.kind,
        theme=theme,
        text=draft.text,
        numbers={n: {"value": v, "query": q} for n, (v, q) in draft.numbers.items()},
    )
    for citation in draft.citations:
        citation.claim = claim
    Citation.objects.bulk_create(draft.citations)
    return claim


def cite_quotes(quotes: Iterable[Quote], stances: dict[int, str] | None = None) -> list[Citation]:
    """Return one citation per quote, in order."""
    return [
        quote.cite(position=number, stance=(stances or {}).get(quote.source.submission_id, ""))
        for number, quote in enumerate(quotes)
    ]


def _summary(raising: Raising) -> Draft:
    own = len(raising.own)
    groups = len({raising.groups[pk] for pk in raising.own})
    read = raising.own_by_group.total()
    text = ngettext(
        "{raised} of {read} texts read raises this, from {groups} of {all} stakeholder groups.",
        "{raised} of {read} texts read raise this, from {groups} of {all} stakeholder groups.",
        own,
    )
    numbers: dict[str, tuple[Any, str]] = {
        "raised": (own, "submissions in the theme with text of their own"),
        "read": (read, "submissions with text of their own"),
        "groups": (groups, "stakeholder groups of the submissions in the theme"),
        "all": (len(raising.own_by_group), "stakeholder groups with text of their own"),
    }
    letters = len(raising.states) - own
    if letters:
        text += " " + _("{letters} campaign letters raise it as well; they are counted apart.")
        numbers["letters"] = (letters, "campaign letters in the theme")
    return Draft(text, "summary", numbers)


def _positions(theme: Theme, raising: Raising, selection: Selection) -> list[Draft]:
    """Return the stated positions, then proposed texts and what would change a position."""
    stated = raising.stated
    drafts = []
    texts = {
        Stance.SUPPORT: _("{n} of {coded} stated positions support it."),
        Stance.SUPPORT_WITH_CHANGES: _("{n} of {coded} stated positions support it with changes."),
        Stance.OPPOSE: _("{n} of {coded} stated positions oppose it."),
    }
    quotes = [quote for picks in selection.by_group.values() for quote in picks]
    for stance, text in texts.items():
        if not stated[stance]:
            continue
        said = [q for q in quotes if q.source.stance == stance and q.source.field in ("", "reason")]
        numbers = {
            "n": (stated[stance], f"submissions with stance {stance.label}"),
            "coded": (stated.total(), "submissions that state a stance"),
        }
        drafts.append(
            Draft(text, KIND_OF_STANCE[stance], numbers, cite_quotes(said, raising.stances))
        )
    if theme.provision_key:
        drafts += _asks(theme, raising, quotes)
    return drafts


def _asks(theme: Theme, raising: Raising, quotes: Sequence[Quote]) -> list[Draft]:
    drafts = []
    for name, kind in {"proposed_text": "proposal", "change_condition": "condition"}.items():
        points = Point.objects.filter(
            submission__in=list(raising.states), provision__key=theme.provision_key
        ).exclude(**{name: ""})
        if n := points.values("submission").distinct().count():
            said = [quote for quote in quotes if quote.source.field == name]
            numbers = {"n": (n, f"submissions with {name} on {theme.provision_key}")}
            text = _asked(kind, n)
            drafts.append(Draft(text, kind, numbers, cite_quotes(said, raising.stances)))
    return drafts


def _asked(kind: str, n: int) -> str:
    if kind == "proposal":
        return ngettext("{n} submission proposes a text.", "{n} submissions propose a text.", n)
    return ngettext(
        "{n} submission says what would change its view.",
        "{n} submissions say what would change their view.",
        n,
    )


def _choices(theme: Theme, raising: Raising) -> list[Draft]:
    """Return how often each choice of a question was taken, and the mean of a scale."""
    question = theme.question
    if question is None or question.kind not in (
        Question.Kind.SINGLE,
        Question.Kind.MULTIPLE,
        Question.Kind.SCALE,
    ):
        return []
    answers = Answer.objects.filter(question=question, submission__in=list(raising.states))
    if question.kind == Question.Kind.SCALE:
        found = answers.filter(scale__isnull=False).aggregate(mean=Avg("scale"), n=Count("pk"))
        if not found["n"]:
            return []
        numbers: dict[str, tuple[Any, str]] = {
            "mean": (round(found["mean"], 1), "mean of the scale"),
            "n": (found["n"], "answers with a value on the scale"),
            "low": (1, "lowest value of the scale"),
            "high": (5, "highest value of the scale"),
        }
        text = _("The mean of {n} answers is {mean} on a scale from {low} to {high}.")
        return [Draft(text, "finding", numbers)]
    taken = answers.filter(choices__isnull=False).values("submission").distinct().count()
    drafts = []
    for choice in question.choices.annotate(n=Count("answers")).order_by("position"):
        n = answers.filter(choices=choice).count()
        numbers = {
            "n": (n, f"answers that chose {choice.key}"),
            "of": (taken, "answers that chose anything"),
            "choice": (choice.label, "label of the choice"),
        }
        if taken:
            drafts.append(Draft(_("{n} of {of} answers chose “{choice}”."), "finding", numbers))
    return drafts


def _by_group(raising: Raising, selection: Selection) -> list[Draft]:
    """Return one claim per group that raises the theme, with its quotes."""
    raised = Counter(raising.groups[pk] for pk in raising.own)
    drafts = []
    for group in StakeholderGroup:
        quotes = [
            quote
            for quote in selection.by_group.get(group, [])
            if not quote.source.stance and quote.source.field in ("", "reason")
        ]
        if not raised[group]:
            continue
        numbers = {
            "group": (str(group.label), "stakeholder group"),
            "n": (raised[group], f"submissions in the theme, {group.label}"),
            "of": (raising.own_by_group[group], f"texts read, {group.label}"),
        }
        text = ngettext(
            "{group}: {n} of {of} texts read raises it.",
            "{group}: {n} of {of} texts read raise it.",
            raised[group],
        )
        drafts.append(Draft(text, "context", numbers, cite_quotes(quotes)))
    return drafts


def _campaigns(theme: Theme, reading: Readable) -> list[Draft]:
    """Return one claim per campaign whose letters raise the theme, with words of its specimen."""
    quotes = quote_campaigns(theme, reading)
    members = set(theme.assignments.values_list("submission_id", flat=True))
    drafts = []
    found = {pk: specimen for pk, specimen in reading.specimens.items() if specimen in members}
    for campaign in Campaign.objects.filter(pk__in=list(found)).order_by("number"):
        numbers = {
            "letters": (campaign.submissions, f"letters of campaign {campaign.number}"),
            "own": (
                campaign.members.filter(own_share__gte=0.05).count(),
                "letters with words of the sender's own",
            ),
        }
        text = _("{letters} letters share one text; {own} of them add words of their own.")
        quote = quotes.get(campaign.pk)
        citation = (
            quote.cite(position=0, campaign_id=campaign.pk)
            if quote
            else Citation(submission_id=found[campaign.pk], campaign=campaign)
        )
        drafts.append(Draft(text, "context", numbers, [citation]))
    return drafts


def _apart(theme: Theme, selection: Selection) -> list[Draft]:
    """Return what stands apart from the rest of each group."""
    drafts = []
    for group in StakeholderGroup:
        quote = selection.apart.get(group)
        if quote is None:
            continue
        numbers = {
            "group": (str(group.label), "stakeholder group"),
            "theme": (theme.title, "title of the theme"),
        }
        text = _("{group}, on “{theme}”: this stands apart from what the group otherwise says.")
        drafts.append(Draft(text, "finding", numbers, cite_quotes([quote])))
    return drafts
