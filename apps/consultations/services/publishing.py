"""A consultation is published: from then on everybody reads it, and its course is on record."""

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.models import Consultation, Notice
from apps.consultations.readiness import readiness_of
from apps.consultations.sections import Item
from apps.consultations.services.editing import Problems, check_text, editable, refuse
from apps.consultations.services.scheduling import LONGEST_REASON
from apps.consultations.services.texts import publish_text
from apps.core.errors import DomainError


class NotReady(DomainError):
    """Something without which nobody could answer is missing."""

    code = "not_ready"


class AlreadyPublished(DomainError):
    """It was published before; nothing was done."""

    code = "already_published"


@transaction.atomic
def publish(consultation: Consultation, *, reason: str = "", by: Any) -> Consultation:
    """Publish a consultation with the texts in preparation.

    reason  why it is published with open items, needed where there are any; everybody reads it

    raises  NotAllowed, AlreadyPublished, NotReady, InvalidEntry
    """
    locked = editable(consultation, by)
    if locked.published_at is not None:
        raise AlreadyPublished(_("This consultation was published before."))
    items = [item for item in readiness_of(locked) if item.is_open]
    if blocking := [item for item in items if item.state == "blocking"]:
        raise NotReady(" ".join(str(item.told) for item in blocking))
    _require_reason(items, reason)
    for document in locked.documents.filter(draft_provisions__isnull=False).distinct():
        document.consultation = locked
        publish_text(document, by=by)
    locked.published_at = timezone.now()
    locked.save(update_fields=["published_at"])
    open_items = [item.key for item in items]
    audit.record(
        "consultation.published", subject=locked.slug, actor=by, detail={"open": open_items}
    )
    if items:
        with translation.override(locked.language):
            labels = [str(item.label) for item in items]
        Notice.objects.create(
            consultation=locked,
            kind=Notice.Kind.PUBLISHED,
            reason=reason.strip(),
            details={"open": labels},
            made_by=by,
        )
    return locked


def _require_reason(items: list[Item], reason: str) -> None:
    problems: Problems = defaultdict(list)
    check_text(problems, "reason", reason, most=LONGEST_REASON)
    if items and not reason.strip():
        told = _("Some items are open. Say why you publish now; everybody reads it.")
        problems["reason"].append(told)
    refuse(problems)
