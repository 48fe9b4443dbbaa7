"""What was submitted: submissions, answers, points, evidence, passages, campaigns, tallies."""

from apps.submissions.models.attachments import Attachment, AttachmentPage, page_part
from apps.submissions.models.campaigns import Campaign, CampaignLetter, CampaignScan
from apps.submissions.models.content import Answer, EvidenceLink, Passage, Point, answer_part
from apps.submissions.models.cosigning import CoSignature, RegisteredCampaign
from apps.submissions.models.counting import GroupLabel, GroupTally, PointTally, Vocabulary
from apps.submissions.models.disputes import Dispute
from apps.submissions.models.submission import (
    LONGEST_TEXT,
    DraftEdit,
    Stance,
    Submission,
    SubmissionQuerySet,
)
from apps.submissions.models.together import DraftComment, JointParty, SignOff

__all__ = [
    "Answer",
    "Attachment",
    "AttachmentPage",
    "Campaign",
    "CampaignLetter",
    "CampaignScan",
    "Dispute",
    "CoSignature",
    "DraftComment",
    "DraftEdit",
    "EvidenceLink",
    "GroupLabel",
    "GroupTally",
    "JointParty",
    "LONGEST_TEXT",
    "Passage",
    "Point",
    "PointTally",
    "RegisteredCampaign",
    "SignOff",
    "Stance",
    "Submission",
    "SubmissionQuerySet",
    "Vocabulary",
    "answer_part",
    "page_part",
]
