"""What staff can ask for: a briefing, another try; what authors can: to say how they were read."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.briefings.models import Briefing, Claim, Understanding
from apps.briefings.understanding import speaks_for
from apps.consultations.models import Consultation
from apps.consultations.rules import may_analyse
from apps.core.errors import DomainError, NotAllowed
from apps.jobs import services as jobs
from apps.submissions.models import Submission
from apps.submissions.telltale import repeats

BUILD = "briefings.freeze"
LONGEST_WORDS = 2_000


class WrongMark(DomainError):
    """A mark without verdict or, where it contests, without words."""

    code = "invalid_mark"
    status = 422


class NothingPublished(DomainError):
    """A consultation nobody can read yet: its briefing would be about nothing."""

    code = "consultation_not_published"


def start_briefing(consultation: Consultation, *, by: Any) -> Briefing:
    """Start the next version of a consultation's briefing; its jobs do the rest.

    by      a person with the role owner, editor or analyst, or None for the system itself
    raises  NotAllowed; NothingPublished before the consultation is
    """
    # Not has_perm: an operations superuser passes that for every host.
    if by is not None and not may_analyse(by, consultation):
        raise NotAllowed(_("Only owners, editors and analysts of the host may start a briefing."))
    if not consultation.is_published:
        raise NothingPublished(_("Publish the consultation first. Then a briefing can be started."))
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


@transaction.atomic
def mark_claim(
    claim: Claim, submission: Submission, *, verdict: str, words: str = "", by: Any
) -> Understanding:
    """Say for a submission whether a claim that cites it understood it; a second call replaces it.

    raises  NotAllowed for others than the author's side and for submissions the claim does not
            cite, WrongMark without verdict, or without words where it contests, or with words
            that the submission keeps back
    """
    _require_author(claim, submission, by=by)
    _require_mark(verdict, words)
    if repeats(submission, words):
        told = _("You keep words or your name back, and they stand here. Everybody reads this.")
        raise WrongMark(told, fields={"words": [told]})
    mark, _created = Understanding.objects.update_or_create(
        claim=claim,
        submission=submission,
        defaults={"verdict": verdict, "words": words.strip(), "said_by": by},
    )
    audit.record(
        f"claim.{verdict}",
        subject=_claim_name(claim),
        actor=by,
        detail={"submission": str(submission.reference)},
    )
    return mark


@transaction.atomic
def take_back_mark(claim: Claim, submission: Submission, *, by: Any) -> None:
    """Take back what was said of a claim; nothing happens where nothing was said.

    raises  NotAllowed
    """
    _require_author(claim, submission, by=by)
    gone, _kinds = Understanding.objects.filter(claim=claim, submission=submission).delete()
    if gone:
        audit.record(
            "claim.mark_taken_back",
            subject=_claim_name(claim),
            actor=by,
            detail={"submission": str(submission.reference)},
        )


def _require_author(claim: Claim, submission: Submission, *, by: Any) -> None:
    own = speaks_for(by).filter(pk=submission.pk, citations__claim=claim)
    if not own.exists():
        raise NotAllowed(
            _("Only the authors whom a claim cites can say whether it understood them.")
        )


def _require_mark(verdict: str, words: str) -> None:
    fields: dict[str, list[Any]] = {}
    if verdict not in Understanding.Verdict.values:
        fields["verdict"] = [_("Choose one of the two.")]
    if verdict == Understanding.Verdict.CONTESTED and not words.strip():
        fields["words"] = [_("Say what you meant. Readers see it beside the claim.")]
    if len(words) > LONGEST_WORDS:
        fields["words"] = [
            _("Shorten this to %(most)s characters or fewer.") % {"most": LONGEST_WORDS}
        ]
    if fields:
        raise WrongMark(_("Something is missing."), fields=fields)


def _claim_name(claim: Claim) -> str:
    return f"{claim.briefing.consultation.slug}/{claim.briefing.version}/{claim.number}"
