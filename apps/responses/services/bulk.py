"""To answer everything that matches a filter at once, and to try again what was given up."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.models import Consultation
from apps.jobs import services as jobs
from apps.responses.bulking import SPLIT, split_up
from apps.responses.ledger import LedgerFilter, rows_of, without_letter_answered
from apps.responses.models import BulkPart, BulkResponse
from apps.responses.services.responding import ResponseInput, decide, require_answering


@transaction.atomic
def respond_to_all(
    consultation: Consultation, asked: LedgerFilter, entered: ResponseInput, *, by: Any
) -> BulkResponse:
    """Answer everything that matches now; what is filed later is not meant.

    What is answered already keeps its response, unless it is to be answered anew. Where own words
    stand beside a campaign's letter it answers the letter alone, unless it was asked for these.
    The response is public at once, its parts follow in jobs. What its author withdraws before its
    turn is left out, and what somebody answers anew meanwhile keeps that later response. The same
    asked once more while it runs stays one.

    entered  decision, reason, change and anew; targets are left out of account
    raises   NotAllowed for others than owners and editors; InvalidResponse naming what must change
    """
    require_answering(consultation, by)
    asked = asked if entered.anew else replace(asked, is_open=True)
    # One at a time: the button pressed twice is found below.
    Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    if there := _running(consultation, asked, entered):
        return there
    matching = rows_of(consultation, asked).order_by()
    if asked.is_open and not asked.own:
        matching = without_letter_answered(matching, asked.kind)
    rows = sorted(matching.values_list("submission", "pk"))
    told = "" if rows else _none_left(consultation, asked)
    response = decide(consultation, entered, by=by, fields={"targets": told})
    bulk = BulkResponse.objects.create(response=response, asked=asked.told(), count=len(rows))
    BulkPart.objects.bulk_create(
        BulkPart(bulk=bulk, number=number, ids=ids) for number, ids in enumerate(split_up(rows))
    )
    _record(bulk, asked.told(), by=by)
    jobs.enqueue(SPLIT, key=bulk.job_key, payload={"bulk": bulk.pk})
    return bulk


@transaction.atomic
def retry_bulk(bulk: BulkResponse, *, by: Any) -> None:
    """Queue the jobs that were given up again; nothing happens where none was.

    raises  NotAllowed
    """
    require_answering(bulk.response.consultation, by)
    if jobs.retry_dead(bulk.job_key):
        audit.record(
            "response.bulk_retried",
            subject=bulk.response.consultation.slug,
            actor=by,
            detail={"response": bulk.pk},
        )


def _none_left(consultation: Consultation, asked: LedgerFilter) -> str | Promise:
    if rows_of(consultation, replace(asked, is_open=False)).exists():
        if rows_of(consultation, replace(asked, own=True)).exists():
            return _("What is left are own words beside a letter. Narrow the ledger to these.")
        return _("Everything is answered.")
    return _("Nothing matches. Choose a wider filter.")


def _running(
    consultation: Consultation, asked: LedgerFilter, entered: ResponseInput
) -> BulkResponse | None:
    there = (
        BulkResponse.objects.of(consultation)
        .running()
        .filter(response__decision=entered.decision, response__reason=entered.reason.strip())
    )
    return next((one for one in there if one.asked == asked.told()), None)


def _record(bulk: BulkResponse, asked: Mapping[str, str | bool], *, by: Any) -> None:
    audit.record(
        "response.bulk_asked",
        subject=bulk.response.consultation.slug,
        actor=by,
        detail={
            "response": bulk.pk,
            "decision": bulk.response.decision,
            "filter": dict(asked),
            "count": bulk.count,
        },
    )
