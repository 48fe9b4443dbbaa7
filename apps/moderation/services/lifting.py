"""A moderator takes a decision back unasked, for a published reason; the words come back."""

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.moderation import telling
from apps.moderation.errors import AppealWaits, DecidedAlready, NothingThere
from apps.moderation.models import Case, Decision, LiftReason
from apps.moderation.services.appealing import reverse_decision
from apps.moderation.services.deciding import (
    GONE,
    Fields,
    check_statement,
    lock,
    refuse,
    require_may_decide,
)
from apps.submissions.models import Submission


@transaction.atomic
def lift(decision: Decision, *, reason: str, statement: str, by: Any) -> Decision:
    """Take back a decision that hides something; the author is told, the public log has the reason.

    Whoever decided may do so, too: it gives back what an appeal would, and takes nothing.

    raises  NotAllowed, OwnWords; NothingThere where it was withdrawn; AppealWaits where another
            moderator is to decide an appeal; DecidedAlready where nothing is hidden by it now;
            InvalidDecision naming what must change
    """
    case = lock(decision.case)
    decision = Decision.objects.get(pk=decision.pk)
    decision.case = case
    require_may_decide(case, by)
    if case.submission.state == Submission.State.WITHDRAWN:
        raise NothingThere(GONE)
    if case.state == Case.State.APPEALED:
        raise AppealWaits(_("The author appealed. Decide the appeal instead."))
    if not decision.stands:
        raise DecidedAlready(_("This was decided already."))
    _require_reason(reason, statement)
    decision.lifted_for, decision.lifted_by = reason, by
    decision.lifted_statement = statement.strip()
    reverse_decision(decision)
    case.state = Case.State.CLOSED
    case.save(update_fields=["state"])
    audit.record(
        "decision.lifted",
        subject=f"{case.consultation.slug}/{case.submission.reference}",
        actor=by,
        detail={"part": case.part, "reason": reason},
    )
    telling.tell_lifted(decision)
    return decision


def _require_reason(reason: str, statement: str) -> None:
    fields: Fields = defaultdict(list)
    if reason not in LiftReason.values:
        fields["reason"].append(_("Choose why it comes back."))
    check_statement(fields, statement)
    refuse(fields)
