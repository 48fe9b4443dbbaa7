"""An author appeals, and another moderator looks again."""

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.texts import problems_of
from apps.moderation import hiding, restoring, telling
from apps.moderation.errors import AppealClosed, DecidedAlready, InvalidDecision, SameModerator
from apps.moderation.models import Appeal, Case, Decision, rank_of
from apps.moderation.services.deciding import (
    Fields,
    check_statement,
    lock,
    refuse,
    require_may_decide,
)
from apps.submissions.errors import NotYours
from apps.submissions.models import Submission

LONGEST_APPEAL = 2_000
Outcome = Appeal.Outcome


@transaction.atomic
def appeal(decision: Decision, *, text: str, by: Any) -> Appeal:
    """Ask that another moderator looks at a decision again; once, within half a year.

    raises  NotYours; AppealClosed; InvalidDecision where no reason is given
    """
    locked = lock(decision.case)
    decision = Decision.objects.get(pk=decision.pk)
    if not Submission.objects.belonging_to(by).filter(pk=locked.submission_id).exists():
        raise NotYours(_("This submission belongs to somebody else."))
    _require_open(decision, locked)
    told = list(problems_of(text, longest=LONGEST_APPEAL))
    if not text.strip():
        told = [_("Say why it should be looked at again.")]
    if told:
        raise InvalidDecision(_("Something is missing in the appeal."), fields={"text": told})
    lodged = Appeal.objects.create(decision=decision, text=text.strip(), said_by=by)
    locked.state = Case.State.APPEALED
    locked.rank = rank_of(list(locked.flagged.values_list("rule", flat=True)), is_appeal=True)
    locked.save(update_fields=["state", "rank"])
    _record("submission.appealed", locked, by=by, detail={"part": locked.part})
    telling.tell_moderators(lodged)
    return lodged


@transaction.atomic
def decide_appeal(lodged: Appeal, *, outcome: str, statement: str, by: Any) -> Appeal:
    """Let a decision stand or reverse it, as another moderator; reversed, the words come back.

    raises  NotAllowed, OwnWords; SameModerator; DecidedAlready; InvalidDecision
    """
    case = lock(lodged.decision.case)
    lodged = Appeal.objects.select_related("decision").get(pk=lodged.pk)
    require_may_decide(case, by)
    decision = lodged.decision
    if decision.decided_by_id == by.pk:
        raise SameModerator(
            _("You decided this the first time. Somebody else must decide the appeal.")
        )
    if lodged.outcome or case.state != Case.State.APPEALED:
        raise DecidedAlready(_("This was decided already."))
    _require_outcome(outcome, statement)
    lodged.outcome, lodged.statement = outcome, statement.strip()
    lodged.decided_by, lodged.decided_at = by, timezone.now()
    lodged.save()
    if outcome == Outcome.REVERSED:
        reverse_decision(decision)
    case.state = Case.State.CLOSED
    case.save(update_fields=["state"])
    _record("appeal.decided", case, by=by, detail={"part": case.part, "outcome": outcome})
    telling.tell_appeal(lodged)
    return lodged


def reverse_decision(decision: Decision) -> None:
    """Bring back the words of a decision that the caller locked, and store it."""
    back = restoring.restore(decision)
    decision.reversed_at = timezone.now()
    decision.save()
    hiding.follow(back, is_back=True)
    hiding.follow_pages(decision.removed)  # another decision may hide them still: it says why


def _require_open(decision: Decision, case: Case) -> None:
    is_gone = case.submission.state == Submission.State.WITHDRAWN
    if not decision.stands or is_gone:
        raise AppealClosed(_("There is nothing to appeal against."))
    if Appeal.objects.filter(decision=decision).exists():
        raise AppealClosed(_("You appealed already. The answer comes by mail."))
    if case.state != Case.State.DECIDED:
        raise AppealClosed(_("There is nothing to appeal against."))
    if timezone.now() > decision.appeal_until:
        raise AppealClosed(_("The time to appeal is over."))


def _require_outcome(outcome: str, statement: str) -> None:
    fields: Fields = defaultdict(list)
    if outcome not in Outcome.values:
        fields["outcome"].append(_("Choose what you found."))
    check_statement(fields, statement)
    refuse(fields)


def _record(kind: str, case: Case, *, by: Any, detail: dict[str, str]) -> None:
    subject = f"{case.consultation.slug}/{case.submission.reference}"
    audit.record(kind, subject=subject, actor=by, detail=detail)
