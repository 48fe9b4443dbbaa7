"""Wakes workers up: publishes due jobs and offers those again whose holder is gone."""

import logging
from datetime import timedelta

from celery import current_app
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.jobs.models import Job

logger = logging.getLogger(__name__)
RUN = "jobs.run"
AGAIN_AFTER = timedelta(seconds=10)
MOST_AT_ONCE = 500


def sweep() -> int:
    """Publish due jobs by id; return how many. Safe to run twice, also at the same moment.

    A message that gets lost does no harm: its job is offered again after ten seconds.
    """
    job_ids = _take()
    for number, job_id in enumerate(job_ids):
        try:
            current_app.send_task(RUN, args=[job_id], ignore_result=True, retry=False)
        except OperationalError as error:
            logger.warning("broker away, %s jobs wait: %s", len(job_ids) - number, error)
            Job.objects.filter(pk__in=job_ids[number:]).update(dispatched_at=None)
            return number
    return len(job_ids)


@transaction.atomic
def _take() -> list[int]:
    now = timezone.now()
    offered = Q(dispatched_at__isnull=True) | Q(dispatched_at__lt=now - AGAIN_AFTER)
    due = Job.objects.due(now).filter(offered).order_by("id")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    job_ids = list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])
    Job.objects.filter(pk__in=job_ids).update(dispatched_at=now)
    return job_ids
