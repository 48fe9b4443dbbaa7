"""What was submitted: submissions, answers, points, evidence, passages, campaigns, tallies."""

from apps.consultations.models import Stance
from apps.submissions.models.anchoring import Anchor, Placement
from apps.submissions.models.attachments import Attachment, AttachmentPage, numbered, page_part
from apps.submissions.models.campaigns import (
    Campaign,
    CampaignLetter,
    CampaignScan,
    OwnWords,
)
from apps.submissions.models.confiding import HIDDEN, ConfidentialVersion, KeptBack
from apps.submissions.models.content import (
    LONGEST_CITATION,
    Answer,
    EvidenceLink,
    Passage,
    Point,
    answer_part,
)
from apps.submissions.models.cosigning import CoSignature, RegisteredCampaign
from apps.submissions.models.counting import GroupLabel, GroupTally, PointTally, Vocabulary
from apps.submissions.models.disputes import Dispute
from apps.submissions.models.refusing import RefusedEdit
from apps.submissions.models.replies import (
    PART,
    REPLY_EXCERPT,
    Reply,
    ReplyQuerySet,
    ReplyTally,
    Target,
)
from apps.submissions.models.submission import (
    LONGEST_TEXT,
    DraftEdit,
    Submission,
    SubmissionQuerySet,
    Visibility,
)
from apps.submissions.models.taking_in import ImportUpload
from apps.submissions.models.together import DraftComment, JointParty, SignOff

__all__ = [
    "HIDDEN",
    "Anchor",
    "Answer",
    "Attachment",
    "AttachmentPage",
    "Campaign",
    "CampaignLetter",
    "CampaignScan",
    "ConfidentialVersion",
    "Dispute",
    "CoSignature",
    "DraftComment",
    "DraftEdit",
    "EvidenceLink",
    "GroupLabel",
    "GroupTally",
    "ImportUpload",
    "JointParty",
    "KeptBack",
    "LONGEST_CITATION",
    "LONGEST_TEXT",
    "OwnWords",
    "PART",
    "Passage",
    "Point",
    "Placement",
    "PointTally",
    "RefusedEdit",
    "RegisteredCampaign",
    "REPLY_EXCERPT",
    "Reply",
    "ReplyQuerySet",
    "ReplyTally",
    "SignOff",
    "Stance",
    "Submission",
    "SubmissionQuerySet",
    "Target",
    "Visibility",
    "Vocabulary",
    "answer_part",
    "numbered",
    "page_part",
]
