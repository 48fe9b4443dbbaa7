"""Addresses of submissions, drafts and documents in the API."""

from django.urls import path

from apps.submissions.api import (
    attachments,
    campaigns,
    disputes,
    drafts,
    importing,
    joining,
    merging,
    proposing,
    proving,
    replying,
    searching,
    signing,
    views,
    watching,
)

CAMPAIGN = "consultations/<slug:slug>/campaigns/<slug:campaign>/"
IMPORT = "consultations/<slug:slug>/imports/<int:upload_id>/"
INVITATION = "joint-invitations/<int:party_id>/"
urlpatterns = [
    path(
        "workspace/consultations/<slug:slug>/proposals/<path:reference>/<int:point_number>/",
        proposing.TakenProposal.as_view(),
        name="take-proposal",
    ),
    path(
        "workspace/consultations/<slug:slug>/watched/",
        watching.Watched.as_view(),
        name="watched",
    ),
    path("search/", searching.Search.as_view(), name="search"),
    path("organisations/<slug:slug>/merge/", merging.Merge.as_view(), name="merge"),
    path("consultations/<slug:slug>/campaigns/", campaigns.Campaigns.as_view(), name="campaigns"),
    path(CAMPAIGN, campaigns.OneCampaign.as_view(), name="campaign"),
    path(CAMPAIGN + "closing/", campaigns.Closing.as_view(), name="campaign-closing"),
    path(CAMPAIGN + "signatures/", campaigns.Signatures.as_view(), name="campaign-signatures"),
    path(
        CAMPAIGN + "signatures/<slug:organisation>/",
        campaigns.OrganisationSignature.as_view(),
        name="campaign-organisation-signature",
    ),
    path("campaign-signatures/<str:token>/", campaigns.OneSignature.as_view(), name="co-signature"),
    path("consultations/<slug:slug>/submissions/", views.Submissions.as_view(), name="submissions"),
    path(
        "consultations/<slug:slug>/submissions/<path:reference>/revisions/",
        drafts.Revisions.as_view(),
        name="revisions",
    ),
    path(
        "consultations/<slug:slug>/submissions/<path:reference>/original/",
        drafts.Original.as_view(),
        name="original",
    ),
    path(
        "consultations/<slug:slug>/submissions/<path:reference>/receipt/",
        proving.Proof.as_view(),
        name="receipt",
    ),
    path(
        "consultations/<slug:slug>/submissions/<path:reference>/withdrawal/",
        drafts.Withdrawal.as_view(),
        name="withdrawal",
    ),
    path(
        "consultations/<slug:slug>/submissions/<path:reference>/",
        views.OneSubmission.as_view(),
        name="submission",
    ),
    path("consultations/<slug:slug>/disputes/", disputes.Disputes.as_view(), name="disputes"),
    path(
        "consultations/<slug:slug>/disputes/<int:dispute_id>/decision/",
        disputes.DisputeDecision.as_view(),
        name="dispute-decision",
    ),
    path("never-wrote-this/<str:token>/", disputes.Disowning.as_view(), name="disown"),
    path("consultations/<slug:slug>/replies/", replying.Replies.as_view(), name="replies"),
    path(
        "consultations/<slug:slug>/replies/counts/",
        replying.ReplyCounts.as_view(),
        name="reply-counts",
    ),
    path("consultations/<slug:slug>/heard/", views.Heard.as_view(), name="heard"),
    path(
        "consultations/<slug:slug>/documents/<slug:document>/versions/<int:number>/",
        views.OneDocumentVersion.as_view(),
        name="document-version",
    ),
    path("consultations/<slug:slug>/imports/", importing.Imports.as_view(), name="imports"),
    path(IMPORT, importing.OneImport.as_view(), name="import"),
    path(IMPORT + "mapping/", importing.ImportMapping.as_view(), name="import-mapping"),
    path(IMPORT + "run/", importing.ImportRun.as_view(), name="import-run"),
    path(IMPORT + "rejects/", importing.ImportRejects.as_view(), name="import-rejects"),
    path(
        "consultations/<slug:slug>/paper-submissions/",
        importing.Papers.as_view(),
        name="paper-submissions",
    ),
    path(
        "consultations/<slug:slug>/paper-submissions/<path:reference>/withdrawal/",
        importing.PaperWithdrawal.as_view(),
        name="paper-withdrawal",
    ),
    path("drafts/", drafts.Drafts.as_view(), name="drafts"),
    path("drafts/<int:pk>/", drafts.Draft.as_view(), name="draft"),
    path(
        "drafts/<int:pk>/attachments/",
        attachments.DraftAttachments.as_view(),
        name="draft-attachments",
    ),
    path("attachments/", attachments.Uploads.as_view(), name="attachments"),
    path("attachments/<str:key>/", attachments.OneAttachment.as_view(), name="attachment"),
    path(
        "attachments/<str:key>/file/",
        attachments.AttachmentFile.as_view(),
        name="attachment-file",
    ),
    path(
        "attachments/<str:key>/pages/",
        attachments.AttachmentPages.as_view(),
        name="attachment-pages",
    ),
    path("drafts/<int:pk>/reuse/", drafts.Reuse.as_view(), name="reuse"),
    path("drafts/<int:pk>/public/", drafts.PublicVersion.as_view(), name="draft-public"),
    path("drafts/<int:pk>/submit/", drafts.DraftFiling.as_view(), name="draft-filing"),
    path("drafts/<int:draft_id>/comments/", signing.Comments.as_view(), name="comments"),
    path(
        "drafts/<int:draft_id>/comments/<int:comment_id>/resolution/",
        signing.Resolution.as_view(),
        name="comment-resolution",
    ),
    path("drafts/<int:draft_id>/sign-off/", signing.OneSignOff.as_view(), name="sign-off"),
    path(
        "drafts/<int:draft_id>/sign-off/request/",
        signing.SignOffRequest.as_view(),
        name="sign-off-request",
    ),
    path("drafts/<int:draft_id>/parties/", joining.Parties.as_view(), name="parties"),
    path(
        "drafts/<int:draft_id>/parties/<slug:organisation>/",
        joining.OneParty.as_view(),
        name="party",
    ),
    path("joint-invitations/", joining.Invitations.as_view(), name="joint-invitations"),
    path(INVITATION, joining.OneInvitation.as_view(), name="joint-invitation"),
    path(INVITATION + "signature/", joining.Signature.as_view(), name="joint-invitation-signature"),
    path(INVITATION + "refusal/", joining.Refusal.as_view(), name="joint-invitation-refusal"),
    path(INVITATION + "departure/", joining.Departure.as_view(), name="joint-invitation-departure"),
]
