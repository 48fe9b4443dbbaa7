"""What a submitter can ask for: begin, save, file, revise and withdraw a submission."""

from apps.submissions.services.attachments import FileInput, attach, detach
from apps.submissions.services.changing import start_revision, withdraw
from apps.submissions.services.content import content_of, open_phase
from apps.submissions.services.cosigning import (
    CampaignInput,
    SignatureInput,
    close_campaign,
    confirm_signature,
    disown_signature,
    register_campaign,
    request_signature,
    sign_for_organisation,
)
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
    "CampaignInput",
    "EditInput",
    "FileInput",
    "SignatureInput",
    "attach",
    "close_campaign",
    "confirm_signature",
    "content_of",
    "decide_dispute",
    "detach",
    "discard_draft",
    "disown",
    "disown_signature",
    "file_submission",
    "keep_draft",
    "open_phase",
    "receipt_content",
    "register_campaign",
    "request_signature",
    "save_draft",
    "sign_for_organisation",
    "start_draft",
    "start_revision",
    "submit",
    "withdraw",
]
