"""What a response holds: read from its rows, written to them, and whether any may come in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.consultations.models import Consultation, Phase
from apps.core.templatetags.plain import instant_in
from apps.submissions import anchoring
from apps.submissions.drafting import LONGEST_LINE, Fields, Form, unix_lines
from apps.submissions.errors import InvalidContent, PhaseClosed
from apps.submissions.inputs import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    FileNote,
    PointInput,
    RedactionInput,
    ReplyInput,
)
from apps.submissions.models import (
    Anchor,
    Answer,
    Attachment,
    EvidenceLink,
    Point,
    Reply,
    Submission,
)
from apps.submissions.services.answering import require_answerable

COMMENT, REPLY = Phase.Kind.COMMENT, Phase.Kind.REPLY
NONE = {
    COMMENT: _("This consultation takes no responses."),
    REPLY: _("This consultation takes no replies."),
}
TO_COME = {COMMENT: _("Responses open on %(day)s."), REPLY: _("Replies open on %(day)s.")}
OVER = {
    COMMENT: _("Responses closed on %(day)s. Nothing was filed. Copy what you wrote."),
    REPLY: _("Replies closed on %(day)s. Nothing was filed. Copy what you wrote."),
}
# What can be filed instead, while a phase of the other kind is open.
INSTEAD = {
    COMMENT: _("What others said can be answered now: open a submission and choose “Reply”."),
    REPLY: _("You can respond now with answers and points of your own."),
}


def open_phase(
    consultation: Consultation, *, kind: str = COMMENT, begun_at: datetime | None = None
) -> Phase:
    """Return the phase of a kind that is open; raise PhaseClosed saying what is the case.

    begun_at  when the draft was begun: one begun before the closing has ten minutes more
    """
    phase = consultation.phase_for(kind)
    if phase is not None and (phase.is_open or phase.is_in_grace(begun_at)):
        return phase
    if phase is None:
        why, day = NONE[Phase.Kind(kind)], None
    elif phase.is_to_come:
        why, day = TO_COME[Phase.Kind(kind)], phase.opens_at
    else:
        why, day = OVER[Phase.Kind(kind)], phase.closes_at
    message = str(why) % {"day": instant_in(day, consultation.time_zone)} if day else str(why)
    other = consultation.phase_for(COMMENT if kind == REPLY else REPLY)
    if other is not None and other.is_open:
        message = f"{message} {INSTEAD[Phase.Kind(kind)]}"
    raise PhaseClosed(message)


def content_of(submission: Submission) -> DraftInput:
    """Return what a submission holds, as it would be entered."""
    answers = submission.answers.select_related("question").prefetch_related("choices")
    points = submission.points.select_related("provision", "anchor").prefetch_related("evidence")
    files = list(submission.attachments.in_order())
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
                files=[file.key for file in files if file.point_id == point.pk],
                **_anchor_of(point),
                **{name: getattr(point, name) for name in Point.TEXT_FIELDS},
            )
            for point in points
        ],
        replies=_replies_of(submission) if submission.is_reply else (),
        group=submission.group,
        title=submission.title,
        language=submission.language,
        country=submission.country,
        attachments=[FileNote(file.key, file.title, file.kept_back) for file in files],
        visibility=submission.visibility,
        # Once filed, the words kept back are gone from here: see keeping_back.py.
        redactions=[RedactionInput(**one) for one in submission.redactions]
        if submission.is_draft
        else [],
    )


def _anchor_of(point: Point) -> dict[str, Any]:
    """Return the words a point is about, and which of several places is meant."""
    anchor: Anchor | None = getattr(point, "anchor", None)
    if anchor is None:
        return {}
    return {"quote": anchor.quote, "nth": anchoring.nth_of(anchor, point.provision.text)}


def _replies_of(submission: Submission) -> list[ReplyInput]:
    return [
        ReplyInput(
            submission=str(reply.answered.reference),
            part=reply.target.part,
            kind=reply.kind,
            text=reply.text,
            evidence=[EvidenceInput(e.url, e.title) for e in reply.evidence.all()],
        )
        for reply in submission.replies.with_both_sides().order_by("number")
    ]


def _each_once(sources: Sequence[EvidenceInput]) -> list[EvidenceInput]:
    """Return the sources as they are kept: the receipt is over what can be read back."""
    return list({source.key: source for source in sources}.values())


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
                quote=unix_lines(p.quote).strip(),
                evidence=_each_once(p.evidence),
            )
            for p in content.points
        ],
        redactions=[
            replace(one, words=unix_lines(one.words).strip(), note=one.note.strip())
            for one in content.redactions
            if one.words.strip() or one.note.strip()
        ],
        replies=[
            replace(r, text=unix_lines(r.text), evidence=_each_once(r.evidence))
            for r in content.replies
        ],
    )


def write_content(
    submission: Submission, content: DraftInput, form: Form, *, by: Any
) -> tuple[list[Answer], list[Point]]:
    """Write the rows of checked content; the submission has none yet but its files.

    raises  InvalidContent where it names a file that is neither its own nor was sent by the person,
            or answers what cannot be answered
    """
    _write_files(submission, content, by=by)
    _write_replies(submission, content, by=by)
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


def _write_files(submission: Submission, content: DraftInput, *, by: Any) -> None:
    """Let files that were sent before belong to a submission, and give files their titles."""
    notes = {note.key: note for note in content.attachments}
    if not notes and not any(point.files for point in content.points):
        return
    known = Q(submission=submission) | Q(submission__isnull=True, sender=by.pk, key__in=list(notes))
    files = list(Attachment.objects.select_for_update(of=("self",)).filter(known).order_by("pk"))
    _require_known(content, {file.key for file in files})
    if len(files) > Attachment.MOST:
        most = _("Keep to %(most)s files or fewer.") % {"most": Attachment.MOST}
        raise InvalidContent(most, fields={"attachments": [most]})
    last = max(file.number for file in files) if files else 0
    for file in files:
        if file.submission_id is None:
            last += 1
            file.submission, file.number = submission, last
        if file.key in notes:
            file.title = one_line(notes[file.key].title, longest=LONGEST_LINE)
            file.kept_back = notes[file.key].kept_back
    Attachment.objects.bulk_update(files, ["submission", "number", "title", "kept_back"])


def _require_known(content: DraftInput, keys: set[str]) -> None:
    unknown = _("There is no such file of yours. Send it first, then name it here.")
    fields: Fields = {
        f"attachments.{place}": [unknown]
        for place, note in enumerate(content.attachments)
        if note.key not in keys
    }
    for place, point in enumerate(content.points):
        if not keys.issuperset(point.files):
            fields[f"points.{place}.files"] = [unknown]
    if fields:
        raise InvalidContent(_("Some of what you entered needs attention."), fields=fields)


def one_line(text: str, *, longest: int) -> str:
    """Return a text on one line, without what no database takes, cut where it is too long."""
    return " ".join(text.replace("\0", "").split())[:longest]


def _write_replies(submission: Submission, content: DraftInput, *, by: Any) -> None:
    if not content.replies:
        return
    targets = require_answerable(submission, content, by=by)
    replies = Reply.objects.bulk_create(
        Reply(
            submission=submission,
            number=number,
            answered=target.submission,
            point=target.point,
            answer=target.answer,
            kind=reply.kind,
            text=reply.text,
        )
        for number, (reply, target) in enumerate(zip(content.replies, targets, strict=True), 1)
    )
    EvidenceLink.objects.bulk_create(
        EvidenceLink(reply=row, url=link.url, title=link.title)
        for row, reply in zip(replies, content.replies, strict=True)
        for link in reply.evidence
    )


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
        for link in point.evidence
    ]
    if links:
        EvidenceLink.objects.bulk_create(links)
    anchoring.write(points, inputs, form)
    supported = {key: row for row, point in zip(points, inputs, strict=True) for key in point.files}
    if supported:
        files = list(submission.attachments.filter(key__in=supported))
        for file in files:
            file.point = supported[file.key]
        Attachment.objects.bulk_update(files, ["point"])
    return points
