"""Files of a draft: attached, named, taken off; carried over to a revision."""

import hashlib
import io
from dataclasses import dataclass, replace
from typing import IO, Any

from django.db import DatabaseError, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.analysis.files.limits import LARGEST_FILE, Unfit
from apps.analysis.files.recognising import clean_name, extension_of, recognise
from apps.analysis.files.scans import OTHER_PICTURES, PICTURES, pdf_of
from apps.audit import services as audit
from apps.core.errors import DomainError
from apps.core.files import why_unfit
from apps.jobs import services as jobs
from apps.submissions import blanking, storing
from apps.submissions.drafting import LONGEST_LINE
from apps.submissions.errors import FileRefused, NotYours, TooManyFiles
from apps.submissions.inputs import DraftInput
from apps.submissions.models import Attachment, AttachmentPage, Submission
from apps.submissions.services.content import one_line, open_phase
from apps.submissions.services.drafts import lock_draft
from apps.submissions.services.sealing import void_changed

LOOSE = "attachments"  # subject of entries about files that belong to nothing yet
READING = "submissions.read_attachment"
CARRIED_OVER = (
    *(
        "number",
        "name",
        "title",
        "kept_back",
        "media_type",
        "size",
        "sha256",
        "stored",
        "published",
        "hidden_pages",
        "whole",
    ),
    *("published_size", "published_sha256", "state", "reason", "page_count", "pages_read"),
)


@dataclass(frozen=True)
class FileInput:
    """A file somebody sends: its name as sent, and its bytes, which can be read again."""

    name: str
    stream: IO[bytes]
    title: str = ""


def attach(draft: Submission | None, sent: FileInput, *, by: Any) -> Attachment:
    """Keep a file, to be read by a job; the same file again is there already.

    The file is on the disk before its row is written. Without a draft it waits a day for a
    submission by the same person that names it, and the picture of a letter is put on the page of
    a PDF.

    raises  FileRefused saying what is wrong with it, TooManyFiles, NotYours, AlreadyFiled,
            PhaseClosed
    """
    name = clean_name(sent.name)
    try:
        if draft is None:
            name, sent = _on_a_page(name, sent)
        kind = recognise(name, sent.stream)  # type: ignore[arg-type]
    except Unfit as unfit:
        raise _refused(name, unfit.code) from unfit
    with storing.writing() as (stored, file):
        digest, size = hashlib.sha256(), 0
        while chunk := sent.stream.read(storing.CHUNK):
            digest.update(chunk)
            size += file.write(chunk)
    row = Attachment(
        name=name,
        title=one_line(sent.title, longest=LONGEST_LINE),
        sender=by,
        media_type=Attachment.Media[kind],
        size=size,
        sha256=digest.hexdigest(),
        stored=stored,
    )
    try:
        return _insert(draft, row, by=by) if draft else _keep_loose(row, by=by)
    except (DomainError, DatabaseError):
        storing.path_of(stored).unlink(missing_ok=True)
        raise


def _on_a_page(name: str, sent: FileInput) -> tuple[str, FileInput]:
    """Return the picture of a letter as a PDF, and any other file as it is."""
    extension = extension_of(name)
    if extension in OTHER_PICTURES:
        raise Unfit("picture")
    if extension not in PICTURES:
        return name, sent
    picture = sent.stream.read(LARGEST_FILE + 1)
    if not picture:
        raise Unfit("empty")
    if len(picture) > LARGEST_FILE:
        raise Unfit("too_large")
    page = io.BytesIO(pdf_of(picture))
    return f"{name.removesuffix(name.rpartition('.')[2])}pdf", replace(sent, stream=page)


@transaction.atomic
def detach(attachment: Attachment, *, by: Any) -> None:
    """Take a file off a draft for good; raise NotYours, AlreadyFiled."""
    subject, draft = LOOSE, None
    if attachment.submission is not None:
        draft = lock_draft(attachment.submission, by=by)
        subject = draft.consultation.slug
    elif attachment.sender_id != by.pk:
        raise NotYours(_("Somebody else sent this file."))
    storing.forget([attachment.stored, attachment.published, attachment.whole])
    attachment.delete()
    if draft is not None:
        void_changed(draft)
    audit.record("attachment.removed", subject=subject, actor=by)


def copy_files(earlier: Submission, draft: Submission, filed: DraftInput) -> None:
    """Let a draft that revises a submission hold the same files; nothing is stored twice.

    Those that moderators keep back, not their author, are left out. Points of the draft have the
    numbers of those they were copied from.
    """
    points = {point.number: point for point in draft.points.all()}
    own_reasons = {note.key for note in filed.attachments if note.kept_back}
    for attachment in earlier.attachments.select_related("point").prefetch_related("pages"):
        if attachment.kept_back and attachment.key not in own_reasons:
            continue
        kept = {name: getattr(attachment, name) for name in CARRIED_OVER}
        point = points.get(attachment.point.number) if attachment.point else None
        copy = Attachment.objects.create(submission=draft, point=point, **kept)
        AttachmentPage.objects.bulk_create(
            AttachmentPage(attachment=copy, number=page.number, text=page.text)
            for page in attachment.pages.all()
        )
        if copy.is_waiting:
            _let_read(copy)
        if copy.whole and not copy.published:
            blanking.follow([copy.pk])  # the copy without these pages is in the making


@transaction.atomic
def _insert(draft: Submission, row: Attachment, *, by: Any) -> Attachment:
    locked = lock_draft(draft, by=by)
    open_phase(locked.consultation, kind=locked.kind, begun_at=locked.created_at)
    last = locked.attachments.aggregate(last=Max("number"))["last"]
    row.submission, row.number = locked, (last or 0) + 1
    attached = _add(row, locked.attachments.all(), subject=locked.consultation.slug, by=by)
    void_changed(locked)
    return attached


@transaction.atomic
def _keep_loose(row: Attachment, *, by: Any) -> Attachment:
    return _add(row, Attachment.objects.loose().filter(sender=by), subject=LOOSE, by=by)


def _add(row: Attachment, beside: QuerySet[Attachment], *, subject: str, by: Any) -> Attachment:
    """Insert a file among others, unless it is there already or they are too many."""
    there = beside.filter(sha256=row.sha256).first()
    if there is not None:
        storing.forget([row.stored])
        return there
    if beside.count() >= Attachment.MOST:
        raise TooManyFiles(
            _("%(name)s: %(most)s files are attached already. Remove one first.")
            % {"name": row.name, "most": Attachment.MOST}
        )
    row.save(force_insert=True)
    _let_read(row)
    size = {"kind": row.kind, "bytes": row.size}
    audit.record("attachment.added", subject=subject, actor=by, detail=size)
    return row


def _let_read(attachment: Attachment) -> None:
    key = f"attachment:{attachment.pk}"
    jobs.enqueue(READING, key=key, payload={"attachment": attachment.pk})


def _refused(name: str, code: str) -> FileRefused:
    message = f"{name}: {why_unfit(code)}"
    return FileRefused(message, fields={"files": [message]})
