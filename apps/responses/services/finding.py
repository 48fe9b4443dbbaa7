"""To look for letters with the same text before there is a briefing, and how far that is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.audit import services as audit
from apps.consultations.models import Consultation
from apps.jobs import services as jobs
from apps.jobs.models import Job
from apps.responses.copies import SCAN, newest_search, search_key
from apps.responses.services.responding import require_answering


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
    key = search_key(consultation, newest_search(consultation))
    there = Job.objects.filter(key=key)
    if there.unfinished().exists():
        return
    if not jobs.retry_dead(key):
        jobs.enqueue(SCAN, key=key, payload={"consultation": consultation.pk})
    audit.record("copies.looked_for", subject=consultation.slug, actor=by)


def search_of(consultation: Consultation) -> Search:
    """Return how far the search for copies is: three queries at most."""
    newest = newest_search(consultation)
    job = (
        Job.objects.filter(key=search_key(consultation, newest))
        .only("state", "finished_at")
        .first()
    )
    is_dead = job is not None and job.state == Job.State.DEAD
    return Search(
        cut_off_at=newest.cut_off_at if newest else None,
        campaigns=newest.campaigns.count() if newest else 0,
        is_running=job is not None and job.finished_at is None and not is_dead,
        is_dead=is_dead,
    )
