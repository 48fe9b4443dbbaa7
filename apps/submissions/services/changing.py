"""What a submitter can do with what was filed: revise it while the phase is open, withdraw it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.audit import services as audit
from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.core.texts import problems_of
from apps.submissions import tallies
from apps.submissions.errors import AnotherDraft, InvalidContent, NotCurrent, NotYours
from apps.submissions.inputs import DraftInput, EvidenceInput
from apps.submissions.models import Anchor, Answer, EvidenceLink, Point, Reply, Submission
from apps.submissions.rules import require_may_take_in
from apps.submissions.services.attachments import copy_files
from apps.submissions.services.content import open_phase
from apps.submissions.services.joining import invite_again, tell_withdrawn
from apps.submissions.services.keeping_back import as_revised

State = Submission.State
WITHDRAWN = "submission.withdrawn"
LONGEST_WHY = 500
COPIED = ("consultation", "group", "language", "country", "is_reply")
REPLY_FIELDS = ("number", "answered", "point", "answer", "kind")


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
    begun = earlier.revisions.filter(state=State.DRAFT).first()
    begun_at = begun.created_at if begun else None
    phase = open_phase(earlier.consultation, kind=earlier.kind, begun_at=begun_at)
    if begun is not None and begun.phase_id == phase.pk:
        return begun
    drafts = Submission.objects.filter(phase=phase, state=State.DRAFT)
    owner = earlier.owner
    own = {"organisation": owner} if owner else {"author": by, "organisation": None}
    if drafts.filter(**own).exists():
        raise AnotherDraft(
            _("You have another draft in this consultation. File or discard it first.")
        )
    filed = as_revised(earlier)
    copied = _facts(earlier, filed) | {"phase": phase}
    draft = Submission.objects.create(author=by, revises=earlier, **copied)
    _copy_answers(earlier, draft, filed)
    _copy_points(earlier, draft, filed)
    _copy_replies(earlier, draft, filed)
    copy_files(earlier, draft, filed)
    invite_again(earlier, draft, by=by)
    audit.record("revision.started", subject=_name(earlier), actor=by)
    return draft


def _facts(earlier: Submission, filed: DraftInput) -> dict[str, Any]:
    """Return what a revision begins with beside the words, its name shown or not."""
    name = earlier.organisation_name
    if earlier.withheld_for is not None:
        name = earlier.withheld_for.name
    return {fact: getattr(earlier, fact) for fact in COPIED} | {
        "organisation": earlier.owner,
        "organisation_name": name,
        "title": filed.title,
        "visibility": filed.visibility,
        "redactions": [asdict(one) for one in filed.redactions],
    }


@transaction.atomic
def withdraw(submission: Submission, *, by: Any) -> Submission:
    """Withdraw a filed submission: it stays on the record, its words are no longer shown or used.

    raises  NotYours, NotCurrent where it was replaced or withdrawn already
    """
    return end_filed(_lock_filed(submission, by=by, act="accounts.submit_for"), by=by)


@transaction.atomic
def take_back(submission: Submission, why: str, *, by: Any) -> Submission:
    """Withdraw what the host's staff entered by mistake; the reason is published with it.

    raises  NotAllowed also where its author filed it, InvalidContent without a reason, NotCurrent
    """
    require_may_take_in(by, submission.consultation)
    if not submission.is_entered_by_staff:
        raise NotAllowed(_("Only what staff entered can be taken back."))
    told = list(problems_of(why, longest=LONGEST_WHY))
    if not why.strip():
        told = [_("Say why.")]
    if told:
        raise InvalidContent(told[0], fields={"why": told})
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    _require_current(locked)
    return end_filed(locked, by=by, why=why.strip())


def why_taken_back(submission: Submission) -> str:
    """Return the reason staff gave for taking back what it had entered, "" where nobody did."""
    told = Entry.objects.about(_name(submission)).filter(kind=WITHDRAWN).last()
    return str(told.detail.get("why", "")) if told else ""


def end_filed(locked: Submission, *, by: Any, why: str = "") -> Submission:
    """Withdraw a filed submission that its caller locked and may withdraw."""
    locked.state, locked.ended_at = State.WITHDRAWN, timezone.now()
    locked.save(update_fields=["state", "ended_at", "updated_at"])
    locked.revisions.filter(state=State.DRAFT).delete()
    detail = {"why": why} if why else {}
    audit.record(WITHDRAWN, subject=_name(locked), actor=by, detail=detail)
    tallies.take_back_words(locked)
    tell_withdrawn(locked)
    return locked


def _lock_filed(submission: Submission, *, by: Any, act: str) -> Submission:
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    organisation: Organisation | None = locked.owner
    is_own = organisation is not None or (by.pk is not None and locked.author_id == by.pk)
    if not is_own or not by.has_perm(act, organisation):
        raise NotYours(_("This submission belongs to somebody else."))
    _require_current(locked)
    return locked


def _require_current(locked: Submission) -> None:
    if locked.state != State.SUBMITTED:
        raise NotCurrent(
            _("This submission was withdrawn.")
            if locked.state == State.WITHDRAWN
            else _("A newer version replaced this submission.")
        )


def _copy_answers(earlier: Submission, draft: Submission, filed: DraftInput) -> None:
    """Copy the answers with the words as they were filed, also those the public does not read."""
    words = {answer.question: answer.text for answer in filed.answers}
    for answer in earlier.answers.select_related("question").prefetch_related("choices"):
        kept = {name: getattr(answer, name) for name in ("question", "number", "scale", "stance")}
        copy = Answer.objects.create(submission=draft, text=words[answer.question.key], **kept)
        copy.choices.set(answer.choices.all())


def _copy_points(earlier: Submission, draft: Submission, filed: DraftInput) -> None:
    """Copy the points as they were filed, each on the provision it was made on."""
    for point, said in zip(earlier.points.select_related("provision"), filed.points, strict=True):
        kept = {name: getattr(point, name) for name in ("provision", "number", "stance", "ask")}
        words = {name: getattr(said, name) for name in Point.TEXT_FIELDS}
        copy = Point.objects.create(submission=draft, **kept, **words)
        _copy_evidence(said.evidence, point=copy)
        for anchor in Anchor.objects.filter(point=point):
            anchor.point = copy
            anchor.save(force_insert=True)


def _copy_replies(earlier: Submission, draft: Submission, filed: DraftInput) -> None:
    for reply, said in zip(earlier.replies.order_by("number"), filed.replies, strict=True):
        kept = {name: getattr(reply, name) for name in REPLY_FIELDS}
        copy = Reply.objects.create(submission=draft, text=said.text, **kept)
        _copy_evidence(said.evidence, reply=copy)


def _copy_evidence(said: Sequence[EvidenceInput], **copy: Any) -> None:
    EvidenceLink.objects.bulk_create(
        EvidenceLink(url=link.url, title=link.title, **copy) for link in said
    )


def _name(submission: Submission) -> str:
    return f"{submission.consultation.slug}/{submission.reference}"
