"""“I never wrote this”: a submission is marked at once, and the host decides."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.errors import NotAllowed
from apps.submissions import proving
from apps.submissions.announcing import follow_name
from apps.submissions.errors import InvalidContent, NotCurrent
from apps.submissions.hooks import tell_nameless
from apps.submissions.models import Dispute, Submission
from apps.submissions.services.changing import end_filed
from apps.submissions.services.filing import remember_filed
from apps.submissions.services.keeping_back import take_name_off

LONGEST_REASON = 2_000
Outcome = Dispute.Outcome


@transaction.atomic
def disown(submission: Submission, *, by: Any) -> Dispute:
    """Mark a submission as disputed; saying so twice changes nothing.

    Until the host decides it stays readable with a note, and no briefing reads its words. The
    host's owners and moderators get a mail.

    by  who got the link; None where that is not known

    raises  NotCurrent where it is not filed yet, was withdrawn or replaced, or where the host
            found, after the same person had said so, that its named author wrote it
    """
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    begun = locked.disputes.filter(outcome="").first()
    if begun is not None:
        return begun
    if locked.is_draft:
        raise NotCurrent(_("This is not filed yet. There is nothing to dispute."))
    if not locked.is_submitted:
        raise NotCurrent(
            _("This submission was withdrawn or replaced already. There is nothing to dispute.")
        )
    if dismissed_before(locked, by=by):
        raise NotCurrent(
            _("The host looked at it and decided. If you know more now, write to the host.")
        )
    dispute = Dispute.objects.create(submission=locked, said_by=by)
    locked.disputed_at = dispute.said_at
    locked.save(update_fields=["disputed_at", "updated_at"])
    audit.record("submission.disputed", subject=proving.name_of(locked), actor=by)
    proving.tell_host(locked)
    return dispute


@transaction.atomic
def decide_dispute(dispute: Dispute, *, outcome: str, reason: str, by: Any) -> Dispute:
    """Decide whether a submission was written by its named author; who disputed it gets a mail.

    Upheld, the submission is withdrawn and its name taken off it; dismissed, the note goes.

    raises  NotAllowed for others than owners and moderators, NotCurrent where it was decided,
            InvalidContent without outcome or reason
    """
    locked = Dispute.objects.select_for_update().get(pk=dispute.pk)
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=locked.submission_id)
    if not by.has_perm("consultations.moderate", submission.consultation):
        raise NotAllowed(_("Only owners and moderators of the host may decide this."))
    if locked.outcome:
        raise NotCurrent(_("This was decided already."))
    _require_decision(outcome, reason)
    locked.outcome, locked.reason = outcome, reason.strip()
    locked.decided_by, locked.decided_at = by, timezone.now()
    locked.save()
    submission.disputed_at = None
    submission.save(update_fields=["disputed_at", "updated_at"])
    audit.record(
        proving.DISPUTE_DECIDED,
        subject=proving.name_of(submission),
        actor=by,
        detail={"outcome": outcome},
    )
    if outcome == Outcome.UPHELD and submission.is_submitted:
        end_filed(submission, by=by)
    if outcome == Outcome.UPHELD:
        remember_filed(submission)  # the receipt is over the name too
        take_name_off(submission)
        follow_name(submission)
        tell_nameless(submission)
    proving.tell_decision(locked)
    return locked


def dismissed_before(submission: Submission, *, by: Any) -> Dispute | None:
    """Return what the host decided against whoever disputes a submission again, if it did.

    Their link works for a year: whoever it was passed on to could mark the words without end.
    """
    dismissed = submission.disputes.filter(outcome=Outcome.DISMISSED, said_by=by)
    return dismissed.order_by("-decided_at").first()


def was_found_false(submission: Submission) -> bool:
    """Return whether the host found that somebody else than its named author wrote it."""
    return submission.disputes.filter(outcome=Outcome.UPHELD).exists()


def _require_decision(outcome: str, reason: str) -> None:
    fields: dict[str, list[Any]] = {}
    if outcome not in Outcome.values:
        fields["outcome"] = [_("Choose what you found.")]
    if not reason.strip():
        fields["reason"] = [_("Say why. The person who disputed it reads this.")]
    elif len(reason) > LONGEST_REASON:
        fields["reason"] = [
            _("Keep the reason to %(most)s characters or fewer.") % {"most": LONGEST_REASON}
        ]
    if fields:
        raise InvalidContent(_("Something is missing in the decision."), fields=fields)
