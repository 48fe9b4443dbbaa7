"""What stands at the same place in the letters of campaigns, and whose words it is."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from apps.submissions.models import Answer, OwnWords, Passage, Point, Submission

MOST_COPIES = 2_000

PLACE = {Point: ("provision__key",), Answer: ("question", "number")}
CAMPAIGN = "submission__campaign_letters__campaign"


class Kind(NamedTuple):
    """What letters are compared by: those of one campaign, at one place, with one stance."""

    campaign: int
    stance: str
    place: tuple[Any, ...]


class Part(NamedTuple):
    """A point or an answer in a letter.

    is_beside  whether its sender's own words stand beside the campaign's; None for no own words
    is_told    whether it has a sentence long enough to tell whose it is
    """

    kind: Kind
    is_beside: bool | None
    is_told: bool

    @property
    def is_letter(self) -> bool:
        """Return whether all it says is the campaign's."""
        return self.is_told and self.is_beside is None


def parts_of(said: Sequence[Any], campaigns: Collection[int]) -> dict[int, Part]:
    """Return those that stand in letters of the campaigns, by id: one query."""
    return _read(type(said[0]).objects.filter(pk__in=[one.pk for one in said]), campaigns)


def parts_like(said: Sequence[Any], campaigns: Collection[int]) -> tuple[dict[int, Part], bool]:
    """Return what stands at their places in letters of the campaigns, and if there may be more.

    One query. MOST_COPIES are taken, letter by letter: by their own order, a database would sort
    all that the letters say.
    """
    model: Any = type(said[0])
    there = model.objects.filter(
        **{f"{CAMPAIGN}__in": campaigns},
        submission__state=Submission.State.SUBMITTED,
        submission__is_reply=False,
    )
    if model is Point:
        there = there.filter(provision__key__in={one.provision.key for one in said})
    else:
        there = there.filter(question__in={one.question_id for one in said}).exclude(text="")
    first = there.order_by("submission__campaign_letters__pk", "pk")[:MOST_COPIES]
    parts = _read(model.objects.filter(pk__in=first.values("pk")), campaigns)
    return parts, len(parts) == MOST_COPIES


def _read(rows: QuerySet[Any], campaigns: Collection[int]) -> dict[int, Part]:
    field = "point" if rows.model is Point else "answer"
    own = OwnWords.objects.filter(campaign__in=campaigns, **{field: OuterRef("pk")})
    told = Passage.objects.filter(**{field: OuterRef("pk")}).exclude(fingerprint=0)
    read = rows.filter(**{f"{CAMPAIGN}__in": campaigns}).annotate(
        is_beside=Subquery(own.values("is_beside")[:1]), is_told=Exists(told)
    )
    return {
        pk: Part(Kind(campaign, stance, tuple(place)), is_beside, is_told)
        for pk, campaign, stance, is_beside, is_told, *place in read.order_by().values_list(
            "pk", CAMPAIGN, "stance", "is_beside", "is_told", *PLACE[rows.model]
        )
    }
