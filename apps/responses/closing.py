"""Lets a search for letters with the same text start where comments closed."""

from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.consultations.models import Consultation, Phase
from apps.jobs import services as jobs
from apps.responses.copies import SCAN, newest_search, search_key
from apps.submissions.models import CampaignScan, Submission

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
SEARCH_AGAIN_AFTER = timedelta(hours=1)


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
            key=search_key(consultation, newest_search(consultation)),
            payload={"consultation": consultation.pk},
        )
