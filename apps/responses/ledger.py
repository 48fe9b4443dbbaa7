"""The ledger: what was said and can be answered, narrowed by what an address asks for.

The database is led to the shorter way. Where few rows match it begins with their submissions; where
many do it walks the points from the newest, and a page is full after some hundreds. SQLite has no
statistics to tell these apart; the tallies do.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar, NamedTuple

from django.db.models import Count as CountOf
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.briefings.models import Briefing, Theme, ThemeAssignment
from apps.consultations.models import Consultation, Provision
from apps.responses.copies import newest_scan, own_words
from apps.responses.errors import UnknownFilter
from apps.responses.models import AnsweredPart, ResponseTally
from apps.submissions.models import (
    Answer,
    Campaign,
    CampaignLetter,
    GroupTally,
    Point,
    PointTally,
    Stance,
    Submission,
)

POINTS, ANSWERS = "points", "answers"
KINDS = (POINTS, ANSWERS)
KIND_CHOICES = tuple((kind, kind) for kind in KINDS)
FEW = 5_000
FEW_WITH_WORDS = FEW_LETTERS = 500
MOST_COUNTED = 10_000
LONGEST = 200
CAMPAIGN = re.compile(r"[0-9]{1,9}")


class Count(NamedTuple):
    """How many match; `is_more` where counting stopped there."""

    n: int
    is_more: bool = False


class _Way(NamedTuple):
    """What decides how the rows are looked for."""

    consultation: Consultation
    asked: "LedgerFilter"
    theme: Theme | None
    there: "QuerySet[Submission]"
    is_few: bool


@dataclass(frozen=True)
class LedgerFilter:
    """What the ledger is narrowed by; empty values leave everything in.

    provision, question  keys
    theme                key of a theme of the newest briefing that is ready
    words                what the submission must say; each word somewhere in it
    campaign             number of a text with several senders in the newest search: what its
                         letters say, but for what is their senders' own words alone
    own                  what stands in such a letter with own words beside it
    """

    kind: str = POINTS
    provision: str = ""
    question: str = ""
    group: str = ""
    stance: str = ""
    theme: str = ""
    words: str = ""
    campaign: str = ""
    is_open: bool = False
    own: bool = False

    KNOWN: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "kind": KINDS,
        "group": tuple(StakeholderGroup.values),
        "stance": tuple(Stance.values),
    }

    @property
    def is_narrow(self) -> bool:
        """Return whether something is left out, answered or not."""
        return replace(self, kind=POINTS, is_open=False) != LedgerFilter()

    def told(self) -> dict[str, str | bool]:
        """Return what was asked for, for the log and the row of a bulk response."""
        return {name: value for name, value in asdict(self).items() if value}


def read_filter(asked: Mapping[str, Any]) -> LedgerFilter:
    """Return what an address asks for; raise UnknownFilter for a value there is not."""
    texts = {
        field.name: str(asked.get(field.name, "")).replace("\0", "").strip()[:LONGEST]
        for field in fields(LedgerFilter)
        if field.type in (str, "str")
    }
    texts["kind"] = texts["kind"] or POINTS
    for name, known in LedgerFilter.KNOWN.items():
        if texts[name] and texts[name] not in known:
            raise UnknownFilter(_("There is nothing called “%(it)s” here.") % {"it": texts[name]})
    return LedgerFilter(**texts, is_open=bool(asked.get("open")), own=bool(asked.get("own")))


def without_letter_answered(said: QuerySet[Any], kind: str) -> QuerySet[Any]:
    """Return the rest."""
    return said.filter(~_letter_answered(kind))


def _letter_answered(kind: str) -> Exists:
    field = "point" if kind == POINTS else "answer"
    letters = AnsweredPart.objects.standing().filter(is_of_letter=True)
    return Exists(letters.filter(**{field: OuterRef("pk")}))


def themes_of(consultation: Consultation, kind: str) -> list[Theme]:
    """Return the themes of the newest ready briefing, of the text or of the questions: one query.

    Briefings store which submissions raise a theme. A point raises the theme of its provision, an
    answer that of its question, where its submission does.
    """
    newest = Briefing.objects.ready().filter(consultation=consultation).order_by("-version")
    themes = Theme.objects.filter(frame__in=newest.values("frame")[:1]).order_by("number")
    return list(themes.filter(question__isnull=kind == POINTS))


def rows_of(consultation: Consultation, asked: LedgerFilter) -> QuerySet[Any]:
    """Return the points or answers that match, of what stands; four queries at most before it."""
    theme = _theme(consultation, asked)
    said = (_points if asked.kind == POINTS else _answers)(consultation, asked, theme)
    if asked.stance:
        said = said.filter(stance=asked.stance)
    there = _submissions(consultation, asked)
    if asked.own or asked.campaign:
        said = _in_letters(consultation, asked, said)
    # What stands in letters is found by these, so that the rest is looked at row by row.
    is_few = not asked.own and _is_few(consultation, asked, theme, there)
    return _open(_among(said, _Way(consultation, asked, theme, there, is_few)), asked)


def _in_letters(
    consultation: Consultation, asked: LedgerFilter, said: QuerySet[Any]
) -> QuerySet[Any]:
    scan = newest_scan(consultation)
    field = "point" if asked.kind == POINTS else "answer"
    if asked.campaign:
        number = int(asked.campaign) if CAMPAIGN.fullmatch(asked.campaign) else 0
        # Read apart: a database knows how many letters a campaign has, not how many a number has.
        campaign = list(Campaign.objects.filter(scan__in=scan, number=number))
        letters: Any = CampaignLetter.objects.filter(campaign__in=campaign).values("submission")
        if sum(one.submissions for one in campaign) <= FEW_LETTERS:
            # Named one by one, they are not looked for among the newest.
            letters = list(letters.values_list("submission", flat=True))
        said = said.filter(submission__in=letters)
        apart = own_words(scan, field, is_beside=False).filter(**{field: OuterRef("pk")})
        said = said.filter(~Exists(apart))
    return said.filter(pk__in=own_words(scan, field)) if asked.own else said


def _points(consultation: Consultation, asked: LedgerFilter, theme: Theme | None) -> QuerySet[Any]:
    keys = {key for key in (asked.provision, theme.provision_key if theme else "") if key}
    if asked.question or len(keys) > 1:
        return Point.objects.none()
    said = Point.objects.all()
    return said.filter(provision__in=_provisions(consultation, keys.pop())) if keys else said


def _answers(consultation: Consultation, asked: LedgerFilter, theme: Theme | None) -> QuerySet[Any]:
    del consultation
    if asked.provision:
        return Answer.objects.none()
    said = Answer.objects.exclude(text="")
    if asked.question:
        said = said.filter(question__key=asked.question)
    return said.filter(question=theme.question_id) if theme else said


def count_of(consultation: Consultation, asked: LedgerFilter) -> Count:
    """Return how many match: by the tallies where these tell, else counted up to a bound."""
    is_told = asked.kind == POINTS and not any(
        (asked.theme, asked.words, asked.question, asked.campaign, asked.own)
    )
    if is_told and not (asked.is_open and asked.stance):
        return Count(_tallied(consultation, asked))
    return count_rows(rows_of(consultation, asked))


def count_rows(rows: QuerySet[Any]) -> Count:
    """Return how many rows there are, counted up to a bound: one query."""
    return _bounded(rows.order_by()[: MOST_COUNTED + 1].count())


def count_own(consultation: Consultation, asked: LedgerFilter) -> tuple[Count, int]:
    """Return how much of what matches is open, with own words beside a letter: one query.

    And of how much of that the letter is answered. Counted up to a bound.
    """
    there = rows_of(consultation, replace(asked, is_open=True, own=True)).order_by()
    told = there.annotate(is_given=_letter_answered(asked.kind))[: MOST_COUNTED + 1]
    n = told.aggregate(all=CountOf("pk"), given=CountOf("pk", filter=Q(is_given=True)))
    return _bounded(n["all"]), n["given"]


def _bounded(n: int) -> Count:
    return Count(min(n, MOST_COUNTED), n > MOST_COUNTED)


def drawn(kind: str) -> QuerySet[Any]:
    """Return points or answers with what is shown of them, and the decision that stands on each."""
    field = "point" if kind == POINTS else "answer"
    place = "provision__version__document" if kind == POINTS else "question"
    rows: QuerySet[Any] = Point.objects.all() if kind == POINTS else Answer.objects.all()
    shown = rows.select_related("submission__registered_campaign", place)
    shown = shown.defer("submission__registered_campaign__text", "submission__redactions")
    if kind == POINTS:
        shown = shown.defer("provision__text")
    given = AnsweredPart.objects.all()
    return shown.annotate(
        decision=given.decision_on(field), letter_decision=given.decision_on_letter(field)
    )


def _submissions(consultation: Consultation, asked: LedgerFilter) -> QuerySet[Submission]:
    there = Submission.objects.of(consultation)
    if asked.words:
        there = there.containing(asked.words)
    there = there.filter(state=Submission.State.SUBMITTED, is_reply=False)
    return there.filter(group=asked.group) if asked.group else there


def _among(said: QuerySet[Any], way: _Way) -> QuerySet[Any]:
    """Return what lies in the submissions, by the way that is shorter for either database."""
    there = way.there
    if way.theme is not None:
        raised = ThemeAssignment.objects.filter(theme=way.theme)
        if way.is_few:
            said = said.filter(submission__in=raised.values("submission"))
        else:
            there = there.filter(Exists(raised.filter(submission=OuterRef("pk"))))
    elif way.is_few and way.asked.words:
        return said.filter(submission__in=there)
    elif way.is_few and way.asked.stance and way.asked.kind == POINTS:
        said = said.filter(provision__in=_provisions(way.consultation))
    elif way.is_few and not way.asked.provision:
        return said.filter(submission__in=there)
    return said.filter(Exists(there.filter(pk=OuterRef("submission"))))


def _open(said: QuerySet[Any], asked: LedgerFilter) -> QuerySet[Any]:
    if not asked.is_open:
        return said
    field = "point" if asked.kind == POINTS else "answer"
    answered = AnsweredPart.objects.deciding().filter(**{field: OuterRef("pk")})
    return said.filter(~Exists(answered))


def _is_few(
    consultation: Consultation,
    asked: LedgerFilter,
    theme: Theme | None,
    there: QuerySet[Submission],
) -> bool:
    """Return whether so few match that their submissions are the shorter way."""
    if theme:
        raised = ThemeAssignment.objects.filter(theme=theme)[: FEW + 1]
        return raised.count() <= FEW
    if asked.words:
        return there.order_by()[: FEW_WITH_WORDS + 1].count() <= FEW_WITH_WORDS
    if asked.kind == ANSWERS:
        filed = GroupTally.objects.filter(consultation=consultation, question__isnull=True)
        return (filed.aggregate(n=Sum("submissions"))["n"] or 0) <= FEW
    return _tallied(consultation, replace(asked, is_open=False)) <= FEW


def _tallied(consultation: Consultation, asked: LedgerFilter) -> int:
    """Return how many points match by the tallies, which know provision, group and stance."""
    here: dict[str, Any] = {"provision__version__document__consultation": consultation}
    if asked.provision:
        here["provision__key"] = asked.provision
    if asked.group:
        here["group"] = asked.group
    said = PointTally.objects.filter(**here)
    if asked.stance:
        said = said.filter(stance=asked.stance)
    n = said.aggregate(n=Sum("points"))["n"] or 0
    if asked.is_open:
        answered = ResponseTally.objects.filter(**here, response__consultation=consultation)
        n -= answered.aggregate(n=Sum("parts"))["n"] or 0
    return max(n, 0)


def _theme(consultation: Consultation, asked: LedgerFilter) -> Theme | None:
    if not asked.theme:
        return None
    for theme in themes_of(consultation, asked.kind):
        if theme.key == asked.theme:
            return theme
    raise UnknownFilter(_("There is no such theme in the newest briefing."))


def _provisions(consultation: Consultation, key: str = "") -> list[int]:
    """Return the provisions of a key, or all, in every version: points lie on that of their day."""
    there = Provision.objects.filter(version__document__consultation=consultation)
    if key:
        there = there.filter(key=key)
    return list(there.order_by("pk").values_list("pk", flat=True))
