"""What an entry in the list of submissions says, fetched and worded as cheaply as a page allows."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, Left
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.groups import StakeholderGroup
from apps.accounts.templatetags.groups import group_mark
from apps.consultations.models import Consultation
from apps.core.dates import day_in_words
from apps.core.display import display_text
from apps.core.endpoints import quoted
from apps.core.templatetags.plain import language_tag
from apps.submissions.models import (
    REPLY_EXCERPT,
    Answer,
    Point,
    Reply,
    Submission,
    SubmissionQuerySet,
    Visibility,
)
from apps.submissions.sections import use_counts

EXCERPT = 420
COLUMNS = (
    "id",
    "reference",
    "state",
    "source",
    "group",
    "organisation_name",
    "declared_label",
    "weight",
    "attachments_declared",
    "submitted_at",
    "is_dated",
    "disputed_at",
    "visibility",
    "language",
)
_HERE = {"submission": OuterRef("pk")}
_answers = Answer.objects.filter(**_HERE).exclude(text="").order_by("id")
_reasons = Point.objects.filter(**_HERE).exclude(reason="").order_by("number")


def count_of(model: type[Answer] | type[Point] | type[Reply]) -> Coalesce:
    """Return an expression that counts what a submission holds of something."""
    of_one = model.objects.filter(**_HERE).order_by().values("submission")
    return Coalesce(Subquery(of_one.annotate(n=Count("pk")).values("n")), 0)


def beginning_of(texts: Any, field: str) -> Subquery:
    """Return an expression for how the first text begins.

    The database cuts it, the texts stay there; one character more says whether there is more.
    """
    return Subquery(texts.values(beginning=Left(field, EXCERPT + 1))[:1])


def drawn(rows: SubmissionQuerySet) -> SubmissionQuerySet:
    """Return the rows with how each begins and how many answers and points it holds."""
    return rows.annotate(
        excerpt=Coalesce(beginning_of(_answers, "text"), beginning_of(_reasons, "reason")),
        answers_count=count_of(Answer),
        points_count=count_of(Point),
    )


SHOWN = (*COLUMNS, "excerpt", "answers_count", "points_count")
# Composed once: putting a query together costs as much as answering it.
LISTED = drawn(Submission.objects.filed()).values(*SHOWN)
LISTED_ANYWHERE = LISTED.values(*SHOWN, "consultation__slug", "consultation__title")


def listed(consultation: Consultation) -> Any:
    """Return the queryset of what was filed in a consultation, as rows with how many claims use it.

    It keeps the verbs of submissions; its rows are dictionaries.
    """
    rows = LISTED.filter(consultation=consultation)
    uses = list(use_counts(consultation).values())
    return rows.annotate(used=sum(uses[1:], start=uses[0])) if uses else rows


def shown_rows(rows: Sequence[dict[str, Any]], consultation: Consultation) -> list[dict[str, Any]]:
    """Return what the page shows of each row, in words."""
    root = reverse("submissions:list", args=[consultation.slug])
    words = _Words()
    return [_shown(row, root, words) for row in rows]


def shown_rows_of_many(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the same of rows of `LISTED_ANYWHERE`, with the title of the consultation of each."""
    words = _Words()
    return [
        _shown(row, reverse("submissions:list", args=[row["consultation__slug"]]), words)
        | {"consultation": display_text(row["consultation__title"])}
        for row in rows
    ]


class _Words:
    """Groups, dates and counts in words, each put together once: most rows share a few."""

    def __init__(self) -> None:
        self.marks = {group: group_mark(group) for group in StakeholderGroup.values}
        self._days: dict[date, str] = {}
        self._facts: dict[tuple[int, ...], str] = {}

    def day(self, moment: datetime) -> str:
        on = moment.date()
        if on not in self._days:
            self._days[on] = day_in_words(on)
        return self._days[on]

    def facts(self, row: dict[str, Any]) -> str:
        counts = (
            row["answers_count"],
            row["points_count"],
            row.get("used", 0),
            row["attachments_declared"],
        )
        if counts not in self._facts:
            self._facts[counts] = " · ".join(_facts(*counts))
        return self._facts[counts]


def _shown(row: dict[str, Any], root: str, words: _Words) -> dict[str, Any]:
    moment = row["submitted_at"]
    is_withdrawn = row["state"] == Submission.State.WITHDRAWN
    excerpt = "" if is_withdrawn else display_text(shorten(row["excerpt"] or "", EXCERPT))
    return {
        "reference": display_text(row["reference"]),
        "url": f"{root}{quoted(row['reference'])}/",
        "who": display_text(name_of(row["organisation_name"], row["group"], row["visibility"])),
        "group": row["group"],
        "mark": words.marks[row["group"]],
        "day": words.day(moment) if row["is_dated"] else "",
        "iso": moment.isoformat(),
        "about": " · ".join(_about(row)),
        "excerpt": excerpt,
        "language": language_tag(row["language"]),
        "facts": _WITHDRAWN if is_withdrawn else words.facts(row),
    }


def shorten(text: str, longest: int) -> str:
    """Return a text that ends with a whole word and, where it was cut, says so.

    text  cut by the database after `longest` characters and one more
    """
    if len(text) <= longest:
        return text
    kept = text.rpartition(" ")[0].rstrip()
    # Where words do not separate, the last gap may lie far back: then the cut stays where it is.
    shown = kept if len(kept) > longest // 2 else text[:longest]
    return f"{shown} …"


def shown_reply(reply: Any) -> dict[str, Any]:
    """Return what a list shows of a reply that was fetched in brief."""
    filed = reply.submission
    return {
        "reply": reply,
        "who": name_of(filed.organisation_name, filed.group, filed.visibility),
        "words": shorten(reply.beginning, REPLY_EXCERPT),
        "is_cut": len(reply.beginning) > REPLY_EXCERPT,
    }


def _about(row: dict[str, Any]) -> Iterator[str]:
    if row["disputed_at"]:
        yield _("disputed: “I never wrote this”")
    if row["declared_label"]:
        yield _("declared as “%(label)s”") % {"label": display_text(row["declared_label"])}
    elif is_undeclared(row["source"], row["group"], row["declared_label"]):
        yield _("no group declared at the source")
    if row["visibility"] == Visibility.CONFIDENTIAL:
        yield _("parts kept back")
    if row["weight"] > 1:
        yield _("stands for %(n)d letters") % {"n": row["weight"]}


def _facts(answers: int, points: int, used: int, attached: int) -> Iterator[str]:
    if answers or not points:
        yield ngettext("%(n)d answer", "%(n)d answers", answers) % {"n": answers}
    if points:
        yield ngettext("%(n)d point", "%(n)d points", points) % {"n": points}
    if used:
        yield ngettext("used in %(n)d claim", "used in %(n)d claims", used) % {"n": used}
    if attached:
        yield ngettext(
            "%(n)d attachment at the source", "%(n)d attachments at the source", attached
        ) % {"n": attached}


def name_of(organisation_name: str, group: str, visibility: str = "") -> str:
    """Return who speaks on the public record; people are not named."""
    if organisation_name:
        return organisation_name
    if visibility == Visibility.WITHHELD and group != StakeholderGroup.INDIVIDUAL:
        return _("Name withheld")
    return _("Individual") if group == StakeholderGroup.INDIVIDUAL else _("Name not given")


def is_undeclared(source: str, group: str, declared_label: str) -> bool:
    """Return whether "other" only says that the source names no category."""
    is_other = group == StakeholderGroup.OTHER
    return source == Submission.Source.IMPORT and is_other and not declared_label


_WITHDRAWN = gettext_lazy("Withdrawn. The words are gone; that it was filed stays on the record.")
