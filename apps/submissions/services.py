"""What a submitter can ask for: start, save, discard and file a submission."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.audit import services as audit
from apps.audit.models import Receipt
from apps.consultations.models import Consultation, Phase
from apps.core.errors import NotAllowed
from apps.jobs import services as jobs
from apps.submissions import tallies
from apps.submissions.drafting import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    Form,
    PointInput,
    unix_lines,
)
from apps.submissions.errors import AlreadyFiled, InvalidContent, NotYours, PhaseClosed
from apps.submissions.models import Answer, EvidenceLink, Point, Submission

State = Submission.State
PASSAGES = "submissions.extract_passages"


@transaction.atomic
def start_draft(
    consultation: Consultation,
    *,
    author: Any,
    organisation: Organisation | None = None,
    group: str = "",
) -> Submission:
    """Return the draft of a person or an organisation in the open phase, made on first use.

    raises  PhaseClosed, InvalidContent without a stakeholder group, NotAllowed where the person
            may not draft for the organisation
    """
    phase = open_phase(consultation)
    if not author.has_perm("accounts.draft_for", organisation):
        raise NotAllowed(_("You are not a member of this organisation."))
    if organisation is None and group not in StakeholderGroup.values:
        choose = _("Choose the group you speak for.")
        raise InvalidContent(choose, fields={"group": [choose]})
    owner: dict[str, Any] = {"organisation": organisation}
    if organisation is None:
        owner["author"] = author
    draft, created = Submission.objects.get_or_create(
        phase=phase,
        state=State.DRAFT,
        **owner,
        defaults={
            "consultation": consultation,
            "author": author,
            "organisation_name": organisation.name if organisation else "",
            "group": organisation.group if organisation else group,
            "language": consultation.language,
        },
    )
    if created:
        audit.record("draft.started", subject=consultation.slug, actor=author)
    return draft


@transaction.atomic
def save_draft(draft: Submission, content: DraftInput, *, by: Any) -> Submission:
    """Replace what a draft holds; an incomplete one is fine.

    raises  NotYours, AlreadyFiled, PhaseClosed, InvalidContent
    """
    locked = _lock_draft(draft, by=by)
    open_phase(locked.consultation)
    content = _as_filed(content, locked.organisation)
    form = Form(locked.consultation)
    form.check(content)
    locked.answers.all().delete()
    locked.points.all().delete()
    _write_content(locked, content, form)
    for field in ("group", "title", "language", "country"):
        setattr(locked, field, getattr(content, field) or getattr(locked, field))
    locked.save()
    return locked


@transaction.atomic
def discard_draft(draft: Submission, *, by: Any) -> None:
    """Delete a draft for good; raise NotYours, AlreadyFiled."""
    locked = _lock_draft(draft, by=by)
    audit.record("draft.discarded", subject=locked.consultation.slug, actor=by)
    locked.delete()


@transaction.atomic
def submit(draft: Submission, *, by: Any) -> Receipt:
    """File a draft; what is acknowledged by the receipt is durable when this returns.

    raises  NotYours, NotAllowed, AlreadyFiled, PhaseClosed, InvalidContent, IncompleteSubmission
    """
    locked = _lock_draft(draft, by=by)
    content = content_of(locked)
    open_phase(locked.consultation)
    _require_may_submit(by, locked.organisation)
    form = Form(locked.consultation)
    form.check(content)
    form.require_complete(content)
    return _file(locked, content, by=by)


@transaction.atomic
def file_submission(
    consultation: Consultation,
    content: DraftInput,
    *,
    by: Any,
    organisation: Organisation | None = None,
    source: str = Submission.Source.API,
) -> Receipt:
    """Write and file a complete submission in one act.

    raises  NotAllowed, PhaseClosed, InvalidContent, IncompleteSubmission
    """
    phase = open_phase(consultation)
    _require_may_submit(by, organisation)
    content = _as_filed(content, organisation)
    form = Form(consultation)
    form.check(content)
    form.require_complete(content)
    submission = Submission.objects.create(
        consultation=consultation,
        phase=phase,
        source=source,
        author=by,
        organisation=organisation,
        organisation_name=organisation.name if organisation else "",
        group=content.group,
        title=content.title,
        language=content.language or consultation.language,
        country=content.country,
        # A personal draft of the same phase may exist; this one is filed before it is seen.
        state=State.SUBMITTED,
        reference=audit.reserve_number(),
        submitted_at=timezone.now(),
    )
    answers, points = _write_content(submission, content, form)
    return _acknowledge(submission, content, by=by, answers=answers, points=points)


def open_phase(consultation: Consultation) -> Phase:
    """Return the comment phase that is open; raise PhaseClosed saying what is the case."""
    phase = consultation.comment_phase()
    if phase is None:
        raise PhaseClosed(_("This consultation takes no responses."))
    if phase.is_to_come:
        raise PhaseClosed(
            _("Responses open on %(day)s.") % {"day": f"{phase.opens_at:%d.%m.%Y %H:%M} UTC"}
        )
    if not phase.is_open:
        raise PhaseClosed(
            _("Responses closed on %(day)s. What you wrote is kept below; nothing was filed.")
            % {"day": f"{phase.closes_at:%d.%m.%Y %H:%M} UTC"}
        )
    return phase


def content_of(submission: Submission) -> DraftInput:
    """Return what a submission holds, as it would be entered."""
    answers = submission.answers.select_related("question").prefetch_related("choices")
    points = submission.points.select_related("provision").prefetch_related("evidence")
    return DraftInput(
        answers=[
            AnswerInput(
                question=answer.question.key,
                text=answer.text,
                choices=sorted(choice.key for choice in answer.choices.all()),
                scale=answer.scale,
                stance=answer.stance,
            )
            for answer in answers
        ],
        points=[
            PointInput(
                provision=point.provision.key,
                stance=point.stance,
                ask=point.ask,
                evidence=[EvidenceInput(e.url, e.title) for e in point.evidence.all()],
                **{name: getattr(point, name) for name in Point.TEXT_FIELDS},
            )
            for point in points
        ],
        group=submission.group,
        title=submission.title,
        language=submission.language,
        country=submission.country,
    )


def _as_filed(content: DraftInput, organisation: Organisation | None) -> DraftInput:
    """Return the content with line ends as typed, empty answers left out, the group settled."""
    return replace(
        content,
        group=organisation.group if organisation else content.group,
        answers=[
            replace(a, text=unix_lines(a.text), choices=sorted(set(a.choices)))
            for a in content.answers
            if not a.is_empty
        ],
        points=[
            replace(
                p,
                reason=unix_lines(p.reason),
                proposed_text=unix_lines(p.proposed_text),
                change_condition=unix_lines(p.change_condition),
            )
            for p in content.points
        ],
    )


def _lock_draft(draft: Submission, *, by: Any) -> Submission:
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if not by.has_perm("accounts.draft_for", locked.organisation) or (
        locked.organisation is None and locked.author_id != by.pk
    ):
        raise NotYours(_("This draft belongs to somebody else."))
    if not locked.is_draft:
        raise AlreadyFiled(
            _("This was filed already, with the tracking number %(number)s.")
            % {"number": locked.reference}
        )
    return locked


def _require_may_submit(by: Any, organisation: Organisation | None) -> None:
    if not by.has_perm("accounts.submit_for", organisation):
        raise NotAllowed(
            _("Only a submitter or a signatory may submit for this organisation.")
            if organisation
            else _("Log in to submit.")
        )


def _file(draft: Submission, content: DraftInput, *, by: Any) -> Receipt:
    draft.state = State.SUBMITTED
    draft.reference = audit.reserve_number()
    draft.submitted_at = timezone.now()
    draft.author = by
    draft.save()
    return _acknowledge(
        draft, content, by=by, answers=list(draft.answers.all()), points=list(draft.points.all())
    )


def _acknowledge(
    submission: Submission,
    content: DraftInput,
    *,
    by: Any,
    answers: Sequence[Answer],
    points: Sequence[Point],
) -> Receipt:
    """Record, give the receipt, queue the passages, and count: the tallies are locked last."""
    consultation = submission.consultation
    receipt = audit.record_with_receipt(
        "submission.filed",
        subject=f"{consultation.slug}/{submission.reference}",
        actor=by,
        title=consultation.title,
        content=receipt_content(submission, content),
        number=str(submission.reference),
    )
    jobs.enqueue(PASSAGES, key=f"passages:{submission.pk}", payload={"submission": submission.pk})
    tallies.count_submission(submission, question_ids=[a.question_id for a in answers])
    tallies.count_points(submission.group, points)
    return receipt


def receipt_content(submission: Submission, content: DraftInput) -> Mapping[str, Any]:
    """Return what the receipt's commitment is made over, the same however it was entered."""
    return {
        "consultation": submission.consultation.slug,
        "organisation": submission.organisation_name,
        "group": submission.group,
        "title": submission.title,
        "language": submission.language,
        "country": submission.country,
        "answers": sorted((asdict(a) for a in content.answers), key=lambda a: a["question"]),
        "points": [asdict(point) for point in content.points],
    }


def _write_content(
    submission: Submission, content: DraftInput, form: Form
) -> tuple[list[Answer], list[Point]]:
    answers = Answer.objects.bulk_create(
        Answer(
            submission=submission,
            question=form.questions[answer.question],
            text=answer.text,
            scale=answer.scale,
            stance=answer.stance,
        )
        for answer in content.answers
    )
    chosen = [
        Answer.choices.through(answer_id=row.pk, choice_id=choice.pk)
        for row, answer in zip(answers, content.answers, strict=True)
        for choice in form.questions[answer.question].choices.all()
        if choice.key in answer.choices
    ]
    if chosen:
        Answer.choices.through.objects.bulk_create(chosen)
    return answers, _write_points(submission, content.points, form)


def _write_points(submission: Submission, inputs: Sequence[PointInput], form: Form) -> list[Point]:
    points = Point.objects.bulk_create(
        Point(
            submission=submission,
            provision=form.provisions[point.provision],
            number=number,
            stance=point.stance,
            ask=point.ask,
            **{name: getattr(point, name) for name in Point.TEXT_FIELDS},
        )
        for number, point in enumerate(inputs, 1)
    )
    links = [
        EvidenceLink(point=row, url=link.url, title=link.title)
        for row, point in zip(points, inputs, strict=True)
        for link in {link.url: link for link in point.evidence}.values()
    ]
    if links:
        EvidenceLink.objects.bulk_create(links)
    return points
