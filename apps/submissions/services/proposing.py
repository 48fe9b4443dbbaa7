"""The host takes over words somebody proposed, with credit."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Document, DraftProvision
from apps.consultations.services import take_over
from apps.core.errors import DomainError
from apps.submissions.models import Point


class NothingProposed(DomainError):
    """The point proposes no words, or stands no more."""

    code = "nothing_proposed"


@transaction.atomic
def take_proposal(point: Point, *, by: Any) -> DraftProvision:
    """Put the proposed words of a point into the next version of the text it is about.

    raises  NothingProposed; NotAllowed and NothingInPreparation as `take_over` does
    """
    submission = point.submission
    if not submission.is_submitted or not point.proposed_text.strip():
        raise NothingProposed(_("This point proposes no words, or was withdrawn."))
    document = Document.objects.select_related("consultation").get(
        versions__provisions=point.provision_id
    )
    credit = f"{submission.reference}/point:{point.number}"
    return take_over(document, point.provision.key, point.proposed_text, credit=credit, by=by)
