"""Searches what was filed for letters with the same text, in a job, and stores what it found."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from apps.briefings import corpus
from apps.consultations.models import Consultation
from apps.jobs.executing import Run
from apps.jobs.registry import Effects
from apps.submissions.campaigns import FoundCampaigns, store_scan
from apps.submissions.models import CampaignScan


def scan(run: Run) -> Effects:
    """Search all that was filed until now, as a briefing does."""
    consultation = Consultation.objects.get(pk=run.payload["consultation"])
    cut_off_at = timezone.now()
    read = corpus.prepare(consultation, cut_off_at=cut_off_at, progress=run.progress)
    return partial(_store, consultation, read.campaigns, cut_off_at)


@transaction.atomic
def _store(consultation: Consultation, campaigns: FoundCampaigns, cut_off_at: datetime) -> None:
    made = store_scan(consultation, campaigns, cut_off_at=cut_off_at)
    # Only the newest tells copies, and no briefing rests on these.
    unused = CampaignScan.objects.filter(consultation=consultation, corpora__isnull=True)
    unused.filter(pk__lt=made.pk).delete()
