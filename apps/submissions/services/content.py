"""What a response holds: read from its rows, written to them, and whether any may come in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.consultations.models import Consultation, Phase
from apps.submissions.drafting import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    Form,
    PointInput,
    unix_lines,
)
from apps.submissions.errors import PhaseClosed
from apps.submissions.models import Answer, EvidenceLink, Point, Submission


def open_phase(consultation: Consultation, *, begun_at: datetime | None = None) -> Phase:
    """Return the comment phase that is open; raise PhaseClosed saying what is the case.

    begun_at  when the draft was begun: one begun before the closing has ten minutes more
    """
    phase = consultation.comment_phase()
    if phase is None:
        raise PhaseClosed(_("This consultation takes no responses."))
    if phase.is_to_come:
        raise PhaseClosed(
            _("Responses open on %(day)s.") % {"day": f"{phase.opens_at:%d.%m.%Y %H:%M} UTC"}
        )
    if not phase.is_open and not phase.is_in_grace(begun_at):
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


def as_filed(content: DraftInput, organisation: Organisation | None) -> DraftInput:
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


def write_content(
    submission: Submission, content: DraftInput, form: Form
) -> tuple[list[Answer], list[Point]]:
    """Write the rows of checked content; the submission has none yet."""
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
