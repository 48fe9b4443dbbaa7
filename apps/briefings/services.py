"""What a host's staff can ask for: a new briefing, and another try at one that failed."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.briefings.models import Briefing
from apps.consultations.models import Consultation
from apps.consultations.rules import may_analyse
from apps.core.errors import NotAllowed
from apps.jobs import services as jobs

BUILD = "briefings.freeze"


def start_briefing(consultation: Consultation, *, by: Any) -> Briefing:
    """Start the next version of a consultation's briefing; its jobs do the rest.

    by      a person with the role owner, editor or analyst, or None for the system itself
    raises  NotAllowed
    """
    # Not has_perm: an operations superuser passes that for every host.
    if by is not None and not may_analyse(by, consultation):
        raise NotAllowed(_("Only owners, editors and analysts of the host may start a briefing."))
    with transaction.atomic():
        # The row lock makes the version number unique when two people press the button at once.
        locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
        latest = locked.briefings.aggregate(latest=Max("version"))["latest"] or 0
        briefing = Briefing.objects.create(consultation=locked, version=latest + 1, created_by=by)
        audit.record(
            "briefing.started",
            subject=f"{locked.slug}/{briefing.version}",
            actor=by,
            detail={"version": briefing.version},
        )
        jobs.enqueue(BUILD, key=briefing.job_key, payload={"briefing": briefing.pk})
    return briefing


@transaction.atomic
def retry_briefing(briefing: Briefing, *, by: Any) -> None:
    """Queue the jobs of a failed briefing again; nothing happens to one that did not fail.

    raises  NotAllowed
    """
    if not may_analyse(by, briefing.consultation):
        raise NotAllowed(_("Only owners, editors and analysts of the host may try it again."))
    if not jobs.retry_dead(briefing.job_key):
        return
    Briefing.objects.filter(pk=briefing.pk).update(state=Briefing.State.BUILDING, failure="")
    audit.record(
        "briefing.retried",
        subject=f"{briefing.consultation.slug}/{briefing.version}",
        actor=by,
    )
