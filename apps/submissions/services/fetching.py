"""Files with what is not public, given to those who may have them; the record says so."""

from typing import IO, Any

from apps.audit import services as audit
from apps.submissions import storing
from apps.submissions.models import Attachment, ImportUpload, Submission
from apps.submissions.rules import require_may_take_in
from apps.submissions.services.taking_in import rejects_path

KEPT_BACK, REJECTS = "attachment.kept_back_fetched", "import.rejects_fetched"


def fetch_file(attachment: Attachment, *, by: Any) -> IO[bytes] | None:
    """Open what a person gets of a file they may see; None where there is nothing to give.

    That somebody else than its author's side gets what is kept back goes on record.
    """
    opened = storing.copy_for(attachment, by)
    filed = attachment.submission
    if opened is None or not attachment.kept_back or filed is None or filed.is_draft:
        return opened
    if not Submission.objects.belonging_to(by).filter(pk=filed.pk).exists():
        detail = {"file": attachment.sha256}
        audit.record(KEPT_BACK, subject=filed.consultation.slug, actor=by, detail=detail)
    return opened


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
