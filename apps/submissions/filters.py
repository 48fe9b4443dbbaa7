"""By what pages of submissions and replies can be narrowed; the choice lives in the address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

import django_filters
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation, Question
from apps.core.errors import DomainError
from apps.submissions.models import GroupTally, Reply, ReplyQuerySet, Stance, SubmissionQuerySet

LONGEST_SEARCH = 200
LONGEST_KEY = 80
MOST_COUNTED = 1_000


class UnknownFilter(DomainError):
    """An address asks for a group or a stance that does not exist."""

    code = "unknown_filter"
    status = 400


class Tally(NamedTuple):
    """How many submissions a group filed, in all (no question) or to one question."""

    group: str
    submissions: int
    question_id: int | None
    question_key: str | None
    question_text: str | None


@dataclass(frozen=True)
class Filters:
    """What an address asks for; empty values leave everything in."""

    groups: Sequence[str] = ()
    question: str = ""
    provision: str = ""
    words: str = ""
    stance: str = ""
    organisation: str = ""
    is_verified: bool = False

    @property
    def any(self) -> bool:
        """Return whether something is left out."""
        return bool(self.groups or self.question or self.need_counting)

    @property
    def need_counting(self) -> bool:
        """Return whether no tally tells how many there are."""
        asked = (self.provision, self.words, self.stance, self.organisation, self.is_verified)
        return any(asked)

    @property
    def narrowed(self) -> bool:
        """Return whether one of the filters beside the words leaves something out."""
        return replace(self, words="").any

    def narrow(self, rows: SubmissionQuerySet, tallies: Sequence[Tally]) -> SubmissionQuerySet:
        """Return the rows asked for; a question nobody answered leaves none."""
        if self.words:
            # First: it looks at the newest rows, and few of them may be left by the others.
            rows = rows.containing(self.words)
        if self.groups:
            rows = rows.filter(group__in=self.groups)
        if self.question:
            answered = {tally.question_key: tally.question_id for tally in tallies}
            pk = answered.get(self.question)
            rows = rows.answering(Question(pk=pk)) if pk else rows.none()
        if self.provision or self.stance:
            rows = rows.with_point(provision=self.provision, stance=self.stance)
        if self.organisation:
            rows = rows.said_by(self.organisation)
        if self.is_verified:
            rows = rows.filter(organisation__verified_until__gt=timezone.now())
        return rows

    def counted(self, tallies: Sequence[Tally]) -> int:
        """Return how many there are by the tallies; only where these tell."""
        return sum(
            tally.submissions
            for tally in tallies
            if (tally.question_key or "") == self.question
            and (not self.groups or tally.group in self.groups)
        )


def read_filters(parameters: QueryDict) -> Filters:
    """Return what an address asks for; raise UnknownFilter for what no filter knows."""
    groups = sorted({group for group in parameters.getlist("group") if group})
    if unknown := [group for group in groups if group not in StakeholderGroup.values]:
        raise UnknownFilter(
            _("There is no stakeholder group “%(group)s”.") % {"group": unknown[0][:40]}
        )
    stance = parameters.get("stance", "")
    if stance and stance not in Stance.values:
        raise UnknownFilter(_("There is no stance “%(stance)s”.") % {"stance": stance[:40]})
    return Filters(
        groups=groups,
        question=_plain(parameters, "question", LONGEST_KEY),
        provision=_plain(parameters, "provision", LONGEST_KEY),
        words=_plain(parameters, "q", LONGEST_SEARCH),
        stance=stance,
        organisation=_plain(parameters, "organisation", LONGEST_SEARCH),
        is_verified=bool(_plain(parameters, "verified", 1)),
    )


def tallies_of(consultation: Consultation) -> list[Tally]:
    """Return the tallies of a consultation in the order of its questions: one query."""
    counted = GroupTally.objects.filter(consultation=consultation, submissions__gt=0)
    rows = counted.order_by("question__position").values_list(
        "group", "submissions", "question_id", "question__key", "question__text"
    )
    return [Tally(*row) for row in rows]


def _plain(parameters: QueryDict, name: str, longest: int) -> str:
    return parameters.get(name, "").replace("\0", "").strip()[:longest]


class ReplyFilters(django_filters.FilterSet):
    """By what replies can be narrowed, on their page and over the API."""

    group = django_filters.ChoiceFilter(
        field_name="submission__group", choices=StakeholderGroup.choices, label="Who replies."
    )
    kind = django_filters.ChoiceFilter(choices=Reply.Kind.choices)
    provision = django_filters.CharFilter(
        field_name="point__provision__key", max_length=80, label="What the point answered is on."
    )
    question = django_filters.CharFilter(
        field_name="answer__question__key", max_length=80, label="What the answer answered is to."
    )
    submission = django_filters.CharFilter(
        field_name="answered__reference", max_length=120, label="What is answered: its reference."
    )
    part = django_filters.CharFilter(
        method="by_part", max_length=100, label="With `submission`: the thread of this part."
    )

    class Meta:
        model = Reply
        fields: ClassVar[list[str]] = []

    def by_part(self, rows: ReplyQuerySet, name: str, value: str) -> ReplyQuerySet:
        """Return the replies to one part of a submission."""
        del name
        return rows.to_part(value)
