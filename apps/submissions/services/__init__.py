"""What a submitter can ask for: begin, save, file, revise and withdraw a submission."""

from apps.submissions.services.attachments import FileInput, attach, detach
from apps.submissions.services.campaign_inputs import CampaignInput, SignatureInput
from apps.submissions.services.changing import (
    start_revision,
    take_back,
    why_taken_back,
    withdraw,
)
from apps.submissions.services.commenting import comment, resolve_comment
from apps.submissions.services.content import content_of, open_phase
from apps.submissions.services.cosigning import (
    close_campaign,
    confirm_signature,
    disown_signature,
    register_campaign,
    request_signature,
    sign_for_organisation,
    unsign_for_organisation,
)
from apps.submissions.services.disputing import (
    decide_dispute,
    dismissed_before,
    disown,
    was_found_false,
)
from apps.submissions.services.drafts import discard_draft, save_draft, start_draft, state_of
from apps.submissions.services.entering import (
    PaperInput,
    SpokenInput,
    enter_for_somebody,
    file_spoken,
)
from apps.submissions.services.fetching import fetch_file, fetch_rejects
from apps.submissions.services.filing import (
    file_submission,
    filed_content,
    proof_of,
    receipt_content,
    submit,
)
from apps.submissions.services.identifying import identity_of, refusal
from apps.submissions.services.joining import (
    ReservationInput,
    decline,
    invite,
    join,
    leave,
    take_back_invitation,
)
from apps.submissions.services.keeping import EditInput, Kept, keep_draft, stored_content
from apps.submissions.services.keeping_back import confided, original_of
from apps.submissions.services.merging import merge_organisations, when_merged
from apps.submissions.services.reusing import fitting, reusable, reuse
from apps.submissions.services.sealing import seal_of
from apps.submissions.services.setting_aside import drop_set_aside, leave_aside, set_aside_of
from apps.submissions.services.signing import ask_for_sign_off, sign_off
from apps.submissions.services.taking_in import (
    first_rows,
    labels_of,
    map_columns,
    proposed_plan,
    reasons_ahead,
    rejects_path,
    run_import,
    undecided,
    upload_table,
)

__all__ = [
    "PaperInput",
    "SpokenInput",
    "enter_for_somebody",
    "file_spoken",
    "CampaignInput",
    "EditInput",
    "Kept",
    "FileInput",
    "ReservationInput",
    "SignatureInput",
    "ask_for_sign_off",
    "attach",
    "close_campaign",
    "comment",
    "confirm_signature",
    "content_of",
    "decide_dispute",
    "decline",
    "detach",
    "discard_draft",
    "dismissed_before",
    "disown",
    "disown_signature",
    "file_submission",
    "fitting",
    "filed_content",
    "invite",
    "drop_set_aside",
    "join",
    "keep_draft",
    "leave",
    "leave_aside",
    "open_phase",
    "identity_of",
    "merge_organisations",
    "when_merged",
    "confided",
    "original_of",
    "proof_of",
    "receipt_content",
    "refusal",
    "register_campaign",
    "request_signature",
    "resolve_comment",
    "reusable",
    "reuse",
    "save_draft",
    "seal_of",
    "set_aside_of",
    "sign_for_organisation",
    "sign_off",
    "start_draft",
    "start_revision",
    "state_of",
    "stored_content",
    "submit",
    "take_back",
    "take_back_invitation",
    "was_found_false",
    "why_taken_back",
    "withdraw",
    "first_rows",
    "labels_of",
    "map_columns",
    "proposed_plan",
    "reasons_ahead",
    "rejects_path",
    "fetch_file",
    "fetch_rejects",
    "run_import",
    "undecided",
    "unsign_for_organisation",
    "upload_table",
]
