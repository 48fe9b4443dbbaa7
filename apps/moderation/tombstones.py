"""What stands in place of words that were hidden: when, why, by which rule."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.text import capfirst

from apps.moderation.models import Decision, Rule
from apps.submissions.models import Submission, numbered

PAGE = re.compile(r"#page=(\d+)$")


@dataclass(frozen=True)
class Tombstone:
    """One decision that hides something of a part, as everybody reads it.

    spans  where, in the texts of the part: (name of the text, start, end)
    """

    at: datetime
    rule: str
    action: str
    note: str
    spans: Sequence[tuple[str, int, int]] = ()

    @property
    def rule_label(self) -> str:
        """The rule it rests on."""
        return capfirst(str(Rule(self.rule).label))

    @property
    def pages(self) -> str:
        """Return the pages that went, where no more than pages of a file did: "2, 4–5"."""
        if self.action != Decision.Action.PAGES:
            return ""
        found = (PAGE.search(name) for name, _start, _end in self.spans)
        return numbered(int(one[1]) for one in found if one)

    @property
    def is_redaction(self) -> bool:
        """Return whether single words went, not the part."""
        return self.action == Decision.Action.REDACT


def tombstones_of(submission: Submission) -> Mapping[str, list[Tombstone]]:
    """Return what stands hidden in a version, by part: one query where nothing was revised.

    What was hidden in an earlier version is told of the whole: a revision begins with its blocks.
    """
    standing = decisions_about(submission).filter(reversed_at__isnull=True)
    found: dict[str, list[Tombstone]] = defaultdict(list)
    for decision in standing.order_by("pk"):
        for part, spans in (_spans(decision, submission.pk) or {"": []}).items():
            found[part].append(
                Tombstone(
                    decision.decided_at,
                    decision.rule,
                    decision.action,
                    decision.public_note,
                    spans,
                )
            )
    return found


def decisions_about(submission: Submission) -> QuerySet[Decision]:
    """Return the decisions that took something out of a version, or of one it replaced."""
    versions = [submission.pk, *_earlier(submission)]
    touched = Decision.versions.through.objects.filter(submission__in=versions)
    return Decision.objects.filter(pk__in=touched.values("decision"))


def owner_of(name: str) -> str:
    """Return the part a text belongs to: of "point:2:reason" "point:2", of a title the whole."""
    kind, _colon, rest = name.partition(":")
    if kind in ("point", "reply"):
        return f"{kind}:{rest.partition(':')[0]}"
    if kind in ("answer", "attachment"):
        return name.partition("#page=")[0]
    return ""


def _spans(decision: Decision, version: int) -> dict[str, list[tuple[str, int, int]]]:
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for entry in decision.removed:
        if entry["version"] == version:
            owner = owner_of(entry["part"])
            found[owner].append((entry["part"], entry["start"], entry["end"]))
    return found


def _earlier(submission: Submission) -> Iterator[int]:
    pk = submission.revises_id
    while pk is not None:
        yield pk
        pk = Submission.objects.filter(pk=pk).values_list("revises", flat=True).first()
