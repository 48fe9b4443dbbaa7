"""Whether authors were understood: what they confirm and contest of the claims that cite them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from apps.accounts.models import Organisation
from apps.accounts.rules import SUBMITTING_ROLES
from apps.briefings.models import Briefing, Claim, Understanding
from apps.submissions.models import Submission

Verdict = Understanding.Verdict


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


def contested_claims(briefing: Briefing) -> "QuerySet[Claim]":
    """Return the claims of a briefing that an author they cite contests, in its order."""
    return (
        briefing.claims.annotate(n_contested=Count("understandings", filter=_contested()))
        .filter(n_contested__gt=0)
        .order_by("position")
    )


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


def _contested() -> Q:
    return Q(
        understandings__verdict=Verdict.CONTESTED,
        understandings__submission__state=Submission.State.SUBMITTED,
    )
