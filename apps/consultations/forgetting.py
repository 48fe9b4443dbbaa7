"""What is not kept for ever: e-mail addresses of those whom a host wanted to hear."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.audit import services as audit
from apps.consultations.models import Consultation, Stakeholder
from apps.consultations.sections import standings_of

AT_ONCE = 500


def forget_addresses(now: datetime | None = None) -> int:
    """Forget the addresses on the lists of consultations that ended long enough ago.

    Who began and who filed is found by address: it is written down first, and stays on the list
    with the name and the group. Safe to run again, and to be stopped at any time.

    returns  how many addresses were forgotten
    """
    ended = (now or timezone.now()) - timedelta(days=settings.INVITED_ADDRESS_DAYS)
    lists = Consultation.objects.ended_before(ended).filter(stakeholders__email__gt="").distinct()
    return sum(_forget(consultation) for consultation in lists)


def _forget(consultation: Consultation) -> int:
    forgotten = 0
    while n := _forget_some(consultation):
        forgotten += n
    return forgotten


@transaction.atomic
def _forget_some(consultation: Consultation) -> int:
    held = consultation.stakeholders.select_for_update().exclude(email="").order_by("pk")
    listed = list(held[:AT_ONCE])
    if not listed:
        return 0
    standings = standings_of(consultation, listed)
    for one in listed:
        one.email, one.standing = "", standings.get(one.pk, "")
    Stakeholder.objects.bulk_update(listed, ["email", "standing"])
    detail = {"stakeholders": len(listed)}
    audit.record("stakeholders.addresses_forgotten", subject=consultation.slug, detail=detail)
    return len(listed)
