"""Wakes workers up: publishes due jobs and offers those again whose holder is gone."""

import logging
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError

from apps.jobs.models import Job, JobQuerySet

logger = logging.getLogger(__name__)
RUN = "jobs.run"
# Older messages are repetitions: behind a long queue they must not pile up.
OFFERS_IN_THE_LIFE_OF_A_MESSAGE = 6


def sweep() -> int:
    """Publish due jobs by id; return how many. Safe to run twice, also at the same moment.

    A message that gets lost does no harm: its job is offered again after JOB_OFFER_SECONDS. No more
    than JOB_MOST_OFFERED jobs are on offer at a time, however many are due.
    """
    moment = timezone.now()
    return _publish(_take(_not_on_offer(moment), moment))


def offer_new() -> int:
    """Publish the due jobs that nobody was offered yet; return how many.

    For a worker that has just let others begin; what was offered is left to the sweeper, or a busy
    worker would repeat a long queue after every job.
    """
    moment = timezone.now()
    return _publish(_take(Job.objects.due(moment).filter(dispatched_at__isnull=True), moment))


def _publish(job_ids: list[int]) -> int:
    life = OFFERS_IN_THE_LIFE_OF_A_MESSAGE * settings.JOB_OFFER_SECONDS
    for number, job_id in enumerate(job_ids):
        try:
            current_app.send_task(RUN, args=[job_id], ignore_result=True, retry=False, expires=life)
        except (OperationalError, ChannelError) as error:
            logger.warning("broker away, %s jobs wait: %s", len(job_ids) - number, error)
            Job.objects.filter(pk__in=job_ids[number:]).update(dispatched_at=None)
            return number
    return len(job_ids)


def _take(due: JobQuerySet, moment: datetime) -> list[int]:
    """Mark jobs as offered, as many as there is room for; return their ids."""
    if not due.exists():
        return []  # an idle site never takes the write lock of SQLite for this
    with transaction.atomic():
        recently = Job.objects.due(moment).filter(dispatched_at__gte=_offered_since(moment))
        due = due.order_by("run_after", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        room = max(settings.JOB_MOST_OFFERED - recently.count(), 0)
        job_ids = list(due.values_list("pk", flat=True)[:room])
        Job.objects.filter(pk__in=job_ids).update(dispatched_at=moment)
    return job_ids


def _not_on_offer(moment: datetime) -> JobQuerySet:
    return Job.objects.due(moment).filter(
        Q(dispatched_at__isnull=True) | Q(dispatched_at__lt=_offered_since(moment))
    )


def _offered_since(moment: datetime) -> datetime:
    return moment - timedelta(seconds=settings.JOB_OFFER_SECONDS)
