"""What moderation adds to the pages of submissions and of the workspace."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Consultation, HostRole
from apps.consultations.sections import Section, Tab, section, workspace_tab
from apps.moderation.hiding import words_of
from apps.moderation.logged import KINDS
from apps.moderation.models import DEFINITIONS, Decision
from apps.moderation.notices import notices_of
from apps.moderation.tombstones import decisions_about, owner_of, tombstones_of
from apps.submissions.models import Attachment, Submission
from apps.submissions.sections import Moderated, beside_parts, moderated_in, told_to_author
from apps.submissions.stones import in_place_of_hidden, on_hidden_pages

OWN_NAMES = ("title", "name", "campaign:title", "campaign:text")
WHOLE: tuple[str, int | None, int | None] = ("", None, None)
workspace_tab(Tab("moderation", _("Moderation"), "moderation:queue", HostRole.OVERSEERS), order=44)


@section("overview", order=90)
def moderation_of(consultation: Consultation, user: Any) -> Section:
    """Lead to the public log: no query, so that every page stays as dear as it was."""
    del consultation, user
    return Section("moderation/_overview.html")


@beside_parts
def reported_from(submission: Submission, user: Any) -> Callable[[str], Section | None]:
    """Show below each part where it can be reported."""
    del user
    address = reverse(
        "moderation:report", args=[submission.consultation.slug, submission.reference]
    )

    def beside(part: str) -> Section | None:
        if not submission.is_submitted:
            return None
        report = f"{address}?{urlencode({'part': part})}"
        return Section("moderation/_beside.html", {"report": report, "about": label_of(part)})

    return beside


@in_place_of_hidden
def stones(submission: Submission) -> Mapping[str, Section]:
    """Tell at each part what was hidden of it, when and by which rule."""
    return {
        part: Section("moderation/_stone.html", {"hidden": hidden})
        for part, hidden in tombstones_of(submission).items()
    }


@on_hidden_pages
def printed(file: Attachment) -> Mapping[int, Sequence[str]]:
    """Tell on the hidden pages of a file when they went, by which rule and why."""
    return notices_of(file)


@moderated_in
def told_to_programs(submission: Submission) -> list[Moderated]:
    """List what stands hidden, text by text."""
    if submission.state == Submission.State.WITHDRAWN:
        return []
    found = [
        Moderated(*place, one.rule, one.at, one.note)
        for tombstones in tombstones_of(submission).values()
        for one in tombstones
        for place in (dict.fromkeys(map(_place, one.spans)) or [WHOLE])
    ]
    return sorted(found, key=lambda one: one.at)


def _place(span: tuple[str, int, int]) -> tuple[str, int | None, int | None]:
    """Return a span as the public is told: what was replaced whole has none."""
    name, start, end = span
    if start == end and "#page=" in name:
        return name, None, None  # a page without words
    if name.endswith(":source") or start == end:
        return owner_of(name), None, None
    return span if owner_of(name) or name in OWN_NAMES else WHOLE


@told_to_author
def decided_about(submission: Submission, user: Any) -> Section | None:
    """Tell an author what was hidden, why, and how to appeal."""
    if not Submission.objects.belonging_to(user).filter(pk=submission.pk).exists():
        return None
    decisions = list(decisions_about(submission).select_related("appeal").order_by("-pk"))
    if not decisions:
        return None
    rows = [(one, DEFINITIONS[one.rule], removed_words(one)) for one in decisions]
    return Section("moderation/_decided.html", {"rows": rows, "submission": submission})


def removed_words(decision: Decision) -> list[str]:
    """Return what a decision took out, each once."""
    return words_of(decision.removed)


def label_of(part: str) -> str:
    """Return how people name a part: "Point 2", "Answer why"; nothing for the whole."""
    kind, _colon, name = part.partition(":")
    return f"{KINDS[kind]} {name}" if kind else ""
