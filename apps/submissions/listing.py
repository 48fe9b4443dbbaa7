"""What an entry in the list of submissions says, fetched and worded as cheaply as a page allows."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, Left
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.groups import StakeholderGroup
from apps.accounts.templatetags.groups import group_mark
from apps.consultations.models import Consultation
from apps.core.display import display_text
from apps.core.endpoints import quoted
from apps.submissions.models import Answer, Point, Submission
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
)
_HERE = {"submission": OuterRef("pk")}
_answers = Answer.objects.filter(**_HERE).exclude(text="").order_by("id")
_reasons = Point.objects.filter(**_HERE).exclude(reason="").order_by("number")


def _count_of(model: type[Answer] | type[Point]) -> Coalesce:
    of_one = model.objects.filter(**_HERE).order_by().values("submission")
    return Coalesce(Subquery(of_one.annotate(n=Count("pk")).values("n")), 0)


# Composed once: putting a query together costs as much as answering it. The database cuts the
# excerpt, the texts stay there; one character more says whether there is more to read.
LISTED = (
    Submission.objects.filed()
    .annotate(
        excerpt=Coalesce(
            Subquery(_answers.values(beginning=Left("text", EXCERPT + 1))[:1]),
            Subquery(_reasons.values(beginning=Left("reason", EXCERPT + 1))[:1]),
        ),
        answers_count=_count_of(Answer),
        points_count=_count_of(Point),
    )
    .values(*COLUMNS, "excerpt", "answers_count", "points_count")
)


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
    marks = {group: group_mark(group) for group in StakeholderGroup.values}
    words = _Words()
    return [_shown(row, root, marks[row["group"]], words) for row in rows]


class _Words:
    """Dates and counts in words, each put together once: most rows of a page share a few."""

    def __init__(self) -> None:
        self._days: dict[date, str] = {}
        self._facts: dict[tuple[int, ...], str] = {}

    def day(self, moment: datetime) -> str:
        on = moment.date()
        if on not in self._days:
            self._days[on] = date_format(on, "j F Y")
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


def _shown(row: dict[str, Any], root: str, mark: SafeString, words: _Words) -> dict[str, Any]:
    moment = row["submitted_at"]
    is_withdrawn = row["state"] == Submission.State.WITHDRAWN
    excerpt = "" if is_withdrawn else display_text(shorten(row["excerpt"] or "", EXCERPT))
    return {
        "reference": display_text(row["reference"]),
        "url": f"{root}{quoted(row['reference'])}/",
        "who": display_text(name_of(row["organisation_name"], row["group"])),
        "group": row["group"],
        "mark": mark,
        "day": words.day(moment) if row["is_dated"] else "",
        "iso": moment.isoformat(),
        "about": " · ".join(_about(row)),
        "excerpt": excerpt,
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


def _about(row: dict[str, Any]) -> Iterator[str]:
    if row["disputed_at"]:
        yield _("disputed: “I never wrote this”")
    if row["declared_label"]:
        yield _("declared as “%(label)s”") % {"label": display_text(row["declared_label"])}
    elif is_undeclared(row["source"], row["group"], row["declared_label"]):
        yield _("no group declared at the source")
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


def name_of(organisation_name: str, group: str) -> str:
    """Return who speaks on the public record; people are not named."""
    if organisation_name:
        return organisation_name
    return _("Individual") if group == StakeholderGroup.INDIVIDUAL else _("Name not given")


def is_undeclared(source: str, group: str, declared_label: str) -> bool:
    """Return whether "other" only says that the source names no category."""
    is_other = group == StakeholderGroup.OTHER
    return source == Submission.Source.IMPORT and is_other and not declared_label


_WITHDRAWN = gettext_lazy(
    "Withdrawn by its author. The words are gone; that it was filed stays on the record."
)
