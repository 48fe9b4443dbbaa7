"""What a submitter can do with what was filed: revise it while the phase is open, withdraw it."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.audit import services as audit
from apps.submissions import tallies
from apps.submissions.errors import AnotherDraft, NotCurrent, NotYours
from apps.submissions.models import Answer, EvidenceLink, Point, Submission
from apps.submissions.services.attachments import copy_files
from apps.submissions.services.content import open_phase
from apps.submissions.services.joining import invite_again, tell_withdrawn

State = Submission.State
COPIED = (
    "consultation",
    "organisation",
    "organisation_name",
    "group",
    "title",
    "language",
    "country",
)
ANSWER_FIELDS = ("text", "scale", "stance")
POINT_FIELDS = ("stance", "ask", *Point.TEXT_FIELDS)


@transaction.atomic
def start_revision(submission: Submission, *, by: Any) -> Submission:
    """Return the draft that revises a filed submission, a copy of it, made on first use.

    Filing the draft replaces the submission, which stays readable as superseded.

    raises  NotYours, NotCurrent where it was replaced or withdrawn, PhaseClosed, AnotherDraft
            where a draft of something else is under way in the same phase
    """
    earlier = _lock_filed(submission, by=by, act="accounts.draft_for")
    if earlier.source == Submission.Source.CAMPAIGN:
        raise NotCurrent(_("Others signed this text as it is: it cannot change. Write a new one."))
    phase = open_phase(earlier.consultation)
    drafts = Submission.objects.filter(phase=phase, state=State.DRAFT)
    own = {"organisation": earlier.organisation} if earlier.organisation else {"author": by}
    draft = drafts.filter(**own).first()
    if draft is not None:
        if draft.revises_id == earlier.pk:
            return draft
        raise AnotherDraft(
            _("You have another draft in this consultation. File or discard it first.")
        )
    copied = {name: getattr(earlier, name) for name in COPIED} | {"phase": phase}
    draft = Submission.objects.create(author=by, revises=earlier, **copied)
    _copy_answers(earlier, draft)
    _copy_points(earlier, draft)
    copy_files(earlier, draft)
    invite_again(earlier, draft, by=by)
    audit.record("revision.started", subject=_name(earlier), actor=by)
    return draft


@transaction.atomic
def withdraw(submission: Submission, *, by: Any) -> Submission:
    """Withdraw a filed submission: it stays on the record, its words are no longer shown or used.

    raises  NotYours, NotCurrent where it was replaced or withdrawn already
    """
    return end_filed(_lock_filed(submission, by=by, act="accounts.submit_for"), by=by)


def end_filed(locked: Submission, *, by: Any) -> Submission:
    """Withdraw a filed submission that its caller locked and may withdraw."""
    locked.state, locked.ended_at = State.WITHDRAWN, timezone.now()
    locked.save(update_fields=["state", "ended_at", "updated_at"])
    locked.revisions.filter(state=State.DRAFT).delete()
    audit.record("submission.withdrawn", subject=_name(locked), actor=by)
    tallies.take_back_points(locked)
    tell_withdrawn(locked)
    return locked


def _lock_filed(submission: Submission, *, by: Any, act: str) -> Submission:
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    organisation: Organisation | None = locked.organisation
    is_own = organisation is not None or (by.pk is not None and locked.author_id == by.pk)
    if not is_own or not by.has_perm(act, organisation):
        raise NotYours(_("This submission belongs to somebody else."))
    if locked.state != State.SUBMITTED:
        raise NotCurrent(
            _("This submission was withdrawn.")
            if locked.state == State.WITHDRAWN
            else _("A newer version replaced this submission.")
        )
    return locked


def _copy_answers(earlier: Submission, draft: Submission) -> None:
    for answer in earlier.answers.prefetch_related("choices"):
        kept = {name: getattr(answer, name) for name in ("question", "number", *ANSWER_FIELDS)}
        copy = Answer.objects.create(submission=draft, **kept)
        copy.choices.set(answer.choices.all())


def _copy_points(earlier: Submission, draft: Submission) -> None:
    for point in earlier.points.select_related("provision").prefetch_related("evidence"):
        kept = {name: getattr(point, name) for name in ("provision", "number", *POINT_FIELDS)}
        copy = Point.objects.create(submission=draft, **kept)
        EvidenceLink.objects.bulk_create(
            EvidenceLink(point=copy, url=link.url, title=link.title)
            for link in point.evidence.all()
        )


def _name(submission: Submission) -> str:
    return f"{submission.consultation.slug}/{submission.reference}"
