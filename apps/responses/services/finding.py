"""To look for letters with the same text: once comments closed, or asked for; how far that is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.audit import services as audit
from apps.consultations.models import Consultation, Phase
from apps.jobs import services as jobs
from apps.jobs.models import Job
from apps.responses.copies import SCAN
from apps.responses.services.responding import require_answering
from apps.submissions.models import CampaignScan, Submission

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
SEARCH_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Search:
    """What is known of letters with the same text.

    cut_off_at  up to when what was filed was searched the last time, None where never
    campaigns   how many texts with several senders were found then
    """

    cut_off_at: datetime | None
    campaigns: int
    is_running: bool
    is_dead: bool


@transaction.atomic
def find_copies(consultation: Consultation, *, by: Any) -> None:
    """Let a job look for letters with the same text; asked while one runs, it stays one.

    A search that was given up is tried again.

    raises  NotAllowed for others than owners and editors
    """
    require_answering(consultation, by)
    Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    key = _key(consultation, _newest(consultation))
    there = Job.objects.filter(key=key)
    if there.unfinished().exists():
        return
    if not jobs.retry_dead(key):
        jobs.enqueue(SCAN, key=key, payload={"consultation": consultation.pk})
    audit.record("copies.looked_for", subject=consultation.slug, actor=by)


def find_after_closing() -> None:
    """Let jobs look for letters where comments closed and something was filed since the last look.

    Safe to run twice: the key of a job names the last search. What staff takes in later is looked
    at too, an hour after that at the earliest: each search reads everything.
    """
    comments = Phase.objects.filter(kind=Phase.Kind.COMMENT, consultation=OuterRef("pk"))
    ahead = Q(closes_at__isnull=True) | Q(closes_at__gt=timezone.now())
    scans = CampaignScan.objects.filter(consultation=OuterRef("pk")).order_by("-pk")
    closed = Consultation.objects.filter(
        Exists(comments), ~Exists(comments.filter(ahead)), answered_at__isnull=True
    ).annotate(searched=Coalesce(Subquery(scans.values("cut_off_at")[:1]), Value(NEVER)))
    late = Q(submitted_at__gt=OuterRef("searched")) | Q(created_at__gt=OuterRef("searched"))
    filed = Submission.objects.filter(
        late, consultation=OuterRef("pk"), state=Submission.State.SUBMITTED, is_reply=False
    )
    due = closed.filter(Exists(filed), searched__lt=timezone.now() - SEARCH_AGAIN_AFTER)
    for consultation in due.order_by("pk"):
        jobs.enqueue(
            SCAN,
            key=_key(consultation, _newest(consultation)),
            payload={"consultation": consultation.pk},
        )


def search_of(consultation: Consultation) -> Search:
    """Return how far the search for copies is: three queries at most."""
    newest = _newest(consultation)
    job = Job.objects.filter(key=_key(consultation, newest)).only("state", "finished_at").first()
    is_dead = job is not None and job.state == Job.State.DEAD
    return Search(
        cut_off_at=newest.cut_off_at if newest else None,
        campaigns=newest.campaigns.count() if newest else 0,
        is_running=job is not None and job.finished_at is None and not is_dead,
        is_dead=is_dead,
    )


def _key(consultation: Consultation, newest: CampaignScan | None) -> str:
    # Of the last scan: what ends stores the next one, and another search may follow.
    return f"copies:{consultation.pk}:{newest.pk if newest else 0}"


def _newest(consultation: Consultation) -> CampaignScan | None:
    return CampaignScan.objects.filter(consultation=consultation).order_by("-pk").first()
