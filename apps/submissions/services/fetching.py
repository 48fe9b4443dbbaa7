"""Files with what is not public, given to those who may have them; the record says so."""

from typing import IO, Any

from apps.audit import services as audit
from apps.submissions import storing
from apps.submissions.models import Attachment, ImportUpload, Submission
from apps.submissions.rules import require_may_take_in
from apps.submissions.services.keeping_back import original_of, reads_hidden_words
from apps.submissions.services.taking_in import rejects_path

KEPT_BACK, REJECTS = "attachment.kept_back_fetched", "import.rejects_fetched"


def fetch_file(attachment: Attachment, *, by: Any) -> IO[bytes] | None:
    """Open what a person gets of a file they may see; None where there is nothing to give.

    That somebody else than its author's side gets what is kept back goes on record. What moderators
    took out is for them alone.
    """
    filed = attachment.submission
    is_kept_back = bool(attachment.kept_back) and filed is not None and not filed.is_draft
    if is_kept_back and not _may_have(attachment, by):
        return None
    opened = storing.copy_for(attachment, by)
    if opened is None or not is_kept_back or filed is None:
        return opened
    if not Submission.objects.belonging_to(by).filter(pk=filed.pk).exists():
        detail = {"file": attachment.sha256}
        audit.record(KEPT_BACK, subject=filed.consultation.slug, actor=by, detail=detail)
    return opened


def _may_have(attachment: Attachment, reader: Any) -> bool:
    """Return whether a confidant gets a file that is kept back: by its author, or by moderators."""
    filed = attachment.submission
    if filed is None or reads_hidden_words(filed, reader):
        return True
    notes = original_of(filed).attachments
    return any(note.key == attachment.key and note.kept_back for note in notes)


def fetch_rejects(upload: ImportUpload, *, by: Any) -> IO[bytes] | None:
    """Open the rows of a table that were not taken in; None where there are none.

    raises  NotAllowed
    """
    require_may_take_in(by, upload.consultation)
    path = rejects_path(upload)
    if path is None:
        return None
    opened = path.open("rb")
    audit.record(REJECTS, subject=upload.consultation.slug, actor=by, detail=upload.facts())
    return opened
