"""Addresses of the public pages of submissions."""

from django.urls import path

from apps.consultations.models import Phase
from apps.submissions.views import (
    attaching,
    autosaving,
    campaigning,
    changing,
    disputing,
    importing,
    merging,
    organisations,
    paging,
    papers,
    reading,
    receipts,
    replying,
    responding,
    reusing,
    searching,
    starting,
    together,
)

app_name = "submissions"
READING = [
    path("search/", searching.search, name="search"),
    path("attachments/<str:key>/", attaching.download, name="attachment"),
    path("attachments/<str:key>/text/", paging.attachment_text, name="attachment-text"),
    path("organisations/<slug:slug>/", organisations.organisation_detail, name="organisation"),
    path("organisations/<slug:slug>/merge/", merging.merge, name="merge"),
    path("workspace/organisations/merge/", merging.merge_any, name="merge-any"),
    path(
        "consultations/<slug:slug>/submissions/",
        reading.submission_list,
        name="list",
    ),
    path(
        "consultations/<slug:slug>/submissions/<path:reference>/",
        reading.submission_detail,
        name="detail",
    ),
]
CAMPAIGNS = "consultations/<slug:slug>/campaigns/"
CAMPAIGN = CAMPAIGNS + "<slug:campaign>/"
CAMPAIGNING = [
    path(CAMPAIGNS, campaigning.campaign_list, name="campaigns"),
    path(CAMPAIGNS + "new/", campaigning.register, name="campaign-new"),
    path(CAMPAIGN, campaigning.campaign_detail, name="campaign"),
    path(CAMPAIGN + "close/", campaigning.close, name="campaign-close"),
    path(CAMPAIGN + "organisations/", campaigning.sign_as, name="campaign-sign-as"),
    path("campaign-signatures/<str:token>/", campaigning.signature, name="signature"),
]
RESPOND = "consultations/<slug:slug>/respond/"
FILED = RESPOND + "filed/<str:reference>/"
RESPONDING = [
    path(RESPOND, responding.respond, name="respond"),
    path(RESPOND + "autosave/", autosaving.autosave, name="autosave"),
    path(RESPOND + "compare/", autosaving.compare_wording, name="compare"),
    path(RESPOND + "reuse/", reusing.reuse_earlier, name="reuse"),
    path(RESPOND + "start/", starting.start, name="start"),
    path(RESPOND + "check/", responding.check, name="check"),
    path(FILED, receipts.filed, name="filed"),
    path(FILED + "receipt.json", receipts.receipt_file, name="receipt"),
    path(FILED + "original/", receipts.original, name="original"),
    path(FILED + "revise/", changing.revise, name="revise"),
    path(FILED + "withdraw/", changing.withdrawal, name="withdraw"),
]
REPLY = "consultations/<slug:slug>/reply/"
IS_REPLY = {"kind": Phase.Kind.REPLY}
REPLYING = [
    path("consultations/<slug:slug>/replies/", replying.reply_list, name="replies"),
    path(REPLY, responding.respond, IS_REPLY, name="reply"),
    path(REPLY + "autosave/", autosaving.autosave, IS_REPLY, name="reply-autosave"),
    path(REPLY + "check/", responding.check, IS_REPLY, name="reply-check"),
]
DISPUTES = "workspace/<slug:slug>/disputes/"
DISPUTING = [
    path("never-wrote-this/<str:token>/", disputing.disown, name="disown"),
    path(DISPUTES, disputing.disputes, name="disputes"),
    path(DISPUTES + "<int:dispute_id>/", disputing.decide, name="decide-dispute"),
]
TAKE_IN = "workspace/<slug:slug>/take-in/"
IMPORT = TAKE_IN + "<int:upload_id>/"
TAKING_IN = [
    path(TAKE_IN, importing.take_in, name="take-in"),
    path(TAKE_IN + "paper/", papers.paper, name="paper"),
    path(TAKE_IN + "paper/<str:reference>/", papers.paper_filed, name="paper-filed"),
    path(IMPORT, importing.mapping, name="import-mapping"),
    path(IMPORT + "groups/", importing.group_mapping, name="import-groups"),
    path(IMPORT + "progress/", importing.progress, name="import-progress"),
    path(IMPORT + "rejects.csv", importing.rejects, name="import-rejects"),
]
DRAFT = "drafts/<int:draft_id>/"
INVITATIONS = "joint-invitations/"
INVITATION = INVITATIONS + "<int:party_id>/"
TOGETHER = [
    path(DRAFT + "discard/", changing.discard, name="discard"),
    path(DRAFT + "sign-off/", together.give_sign_off, name="sign-off"),
    path(DRAFT + "sign-off/ask/", together.ask, name="sign-off-ask"),
    path(DRAFT + "joint/", together.joint, name="joint"),
    path(DRAFT + "joint/<int:party_id>/", together.take_back, name="joint-take-back"),
    path(INVITATIONS, together.invitations, name="invitations"),
    path(INVITATION, together.invitation, name="invitation"),
    path(INVITATION + "decline/", together.say_no, name="invitation-decline"),
    path(INVITATION + "leave/", together.leave_joint, name="invitation-leave"),
]
urlpatterns = [*TAKING_IN, *TOGETHER, *RESPONDING, *REPLYING, *DISPUTING, *CAMPAIGNING, *READING]
