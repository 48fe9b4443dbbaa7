"""What a submitter can ask for: begin, save, file, revise and withdraw a submission."""

from apps.submissions.services.attachments import FileInput, attach, detach
from apps.submissions.services.changing import start_revision, withdraw
from apps.submissions.services.content import content_of, open_phase
from apps.submissions.services.disputing import decide_dispute, disown
from apps.submissions.services.drafts import (
    EditInput,
    discard_draft,
    keep_draft,
    save_draft,
    start_draft,
)
from apps.submissions.services.filing import file_submission, receipt_content, submit

__all__ = [
    "EditInput",
    "FileInput",
    "attach",
    "content_of",
    "decide_dispute",
    "detach",
    "discard_draft",
    "disown",
    "file_submission",
    "keep_draft",
    "open_phase",
    "receipt_content",
    "save_draft",
    "start_draft",
    "start_revision",
    "submit",
    "withdraw",
]
