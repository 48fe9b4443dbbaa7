"""Whether authors were understood: what they confirm and contest of the claims that cite them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from apps.accounts.models import Organisation
from apps.accounts.rules import SUBMITTING_ROLES
from apps.briefings.models import Briefing, Citation, Claim, Understanding
from apps.submissions.models import Submission

Verdict = Understanding.Verdict
# Where a citation lies in the texts of its submission.
SPAN = ("answer_id", "point_id", "page_id", "field", "start", "end")


@dataclass(frozen=True)
class Counted:
    """How many submissions confirm and contest claims of one briefing."""

    confirmed: int
    contested: int


def speaks_for(user: Any) -> "QuerySet[Submission]":
    """Return the submissions a person may answer for: the person's own, and those of the
    organisations the person submits for."""
    if not user.is_authenticated:
        return Submission.objects.none()
    ours = Organisation.objects.filter(
        memberships__user=user, memberships__role__in=SUBMITTING_ROLES
    )
    alone = Q(author=user.pk, organisation__isnull=True, withheld_for__isnull=True)
    own = alone | Q(organisation__in=ours) | Q(withheld_for__in=ours)
    return Submission.objects.filter(own, state=Submission.State.SUBMITTED)


def cited_own(claim: Claim, user: Any) -> "QuerySet[Submission]":
    """Return the person's submissions that a claim cites."""
    return speaks_for(user).filter(citations__claim=claim).distinct()


def marks_of_claim(claim: Claim) -> Sequence[Understanding]:
    """Return what authors say of one claim, contested first: one query."""
    marks = claim.understandings.filter(submission__state=Submission.State.SUBMITTED)
    return list(marks.select_related("submission").order_by("-verdict", "created_at"))


def counted(briefing: Briefing) -> Counted:
    """Return how many claims of a briefing are confirmed and contested: one query."""
    marks = Understanding.objects.filter(
        claim__briefing=briefing, submission__state=Submission.State.SUBMITTED
    )
    found = marks.aggregate(
        confirmed=Count("claim", distinct=True, filter=Q(verdict=Verdict.CONFIRMED)),
        contested=Count("claim", distinct=True, filter=Q(verdict=Verdict.CONTESTED)),
    )
    return Counted(**found)


def marks_beside(briefing: Briefing) -> Mapping[str, Mapping[str, str]]:
    """Return what authors say of the claims of a version: number → reference → verdict; one query.

    Marks come after a version is published and change whenever their authors want.
    """
    found = Understanding.objects.filter(
        claim__briefing=briefing, submission__state=Submission.State.SUBMITTED
    ).order_by("claim__position", "pk")
    marks: dict[str, dict[str, str]] = defaultdict(dict)
    for number, reference, verdict in found.values_list(
        "claim__number", "submission__reference", "verdict"
    ):
        marks[number][str(reference)] = verdict
    return marks


def contested_before(briefing: Briefing) -> Mapping[int, Sequence[str]]:
    """Return by claim of a version in the making the references of those who contested the same.

    The same is the same sentence, but for its figures, over the same words of the submission. What
    its author said last of it counts. Three queries for any number of marks.
    """
    earlier = Understanding.objects.filter(
        claim__briefing__consultation=briefing.consultation_id,
        claim__briefing__version__lt=briefing.version,
        submission__state=Submission.State.SUBMITTED,
    ).order_by("claim__briefing__version", "created_at", "pk")
    marks = {(one.claim_id, one.submission_id): one.verdict for one in earlier}
    authors = {submission for _claim, submission in marks}
    if Verdict.CONTESTED not in marks.values():
        return {}
    cited = Citation.objects.filter(submission__in=authors).select_related("submission", "claim")
    places: dict[tuple[int, int], list[tuple[Any, ...]]] = defaultdict(list)
    for one in cited.filter(claim__in={claim for claim, _submission in marks}):
        places[one.claim_id, one.submission_id].append(_place(one))
    said = {place: verdict for mark, verdict in marks.items() for place in places[mark]}
    found: dict[int, list[str]] = defaultdict(list)
    for one in cited.filter(claim__briefing=briefing).order_by("position", "pk"):
        reference = str(one.submission.reference)
        if said.get(_place(one)) == Verdict.CONTESTED and reference not in found[one.claim_id]:
            found[one.claim_id].append(reference)
    return found


def _place(citation: Citation) -> tuple[Any, ...]:
    return (citation.claim.text, citation.submission_id, *(getattr(citation, n) for n in SPAN))
