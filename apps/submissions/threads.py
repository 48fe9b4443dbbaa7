"""Threads: the replies to each point and answer of a submission, by group, one level deep."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from apps.accounts.groups import GROUP_ORDER
from apps.submissions.listing import shown_reply
from apps.submissions.models import Reply, Submission
from apps.submissions.sections import in_words

# First of each group: a group that sends hundreds takes no more room than one that sends two.
PER_GROUP = 2
Place = tuple[int | None, int | None]  # ids of the point or the answer that is answered


@dataclass(frozen=True)
class OfGroup:
    """What one group replied: how many, of which kinds, and the first of them."""

    group: str
    total: int
    kinds: str
    first: list[dict[str, Any]]

    @property
    def more(self) -> int:
        """How many are not shown here."""
        return self.total - len(self.first)


@dataclass(frozen=True)
class Thread:
    """The replies to one point or answer."""

    groups: list[OfGroup]

    @property
    def total(self) -> int:
        """How many replies there are."""
        return sum(one.total for one in self.groups)


def threads_of(submission: Submission, *, by: Any) -> dict[str, Thread]:
    """Return the threads of a submission by what they answer: three queries, however many."""
    standing = Reply.objects.visible_to(by).filter(answered=submission)
    counts: dict[Place, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    rows = standing.order_by().values("point", "answer", "kind", "submission__group")
    for row in rows.annotate(n=Count("pk")):
        counts[row["point"], row["answer"]][row["submission__group"]][row["kind"]] = row["n"]
    if not counts:
        return {}
    first: dict[tuple[Place, str], list[dict[str, Any]]] = defaultdict(list)
    partition = [F("point_id"), F("answer_id"), F("submission__group")]
    ranked = standing.annotate(rank=Window(RowNumber(), partition_by=partition, order_by="id"))
    for reply in ranked.filter(rank__lte=PER_GROUP).in_brief().order_by("id"):
        place = (reply.point_id, reply.answer_id)
        first[place, reply.submission.group].append(shown_reply(reply))
    parts: dict[Place, str] = {(point.pk, None): point.name for point in submission.points.all()}
    parts |= {(None, answer.pk): answer.part for answer in submission.answers.all()}
    return {
        parts[place]: Thread(
            [
                OfGroup(group, sum(kinds.values()), in_words(kinds), first[place, group])
                for group, kinds in sorted(by_group.items(), key=lambda one: GROUP_ORDER[one[0]])
            ]
        )
        for place, by_group in counts.items()
    }
