"""Addresses of organisations as their members see them, of tokens, and of what staff decides."""

from django.urls import path

from apps.accounts.views import (
    guests,
    inviting,
    naming,
    organisations,
    parting,
    sending,
    tokens,
    verifying,
)

app_name = "accounts"
ORGANISATION = "organisations/<slug:slug>/"
urlpatterns = [
    path("organisations/mine/", organisations.mine, name="organisations"),
    path("organisations/new/", organisations.new, name="organisation-new"),
    path(ORGANISATION + "details/", organisations.details, name="details"),
    path(ORGANISATION + "members/", organisations.members, name="members"),
    path(ORGANISATION + "members/<int:pk>/", organisations.change, name="member"),
    path(ORGANISATION + "members/<int:pk>/remove/", organisations.remove, name="member-remove"),
    path(ORGANISATION + "sign-off/", organisations.sign_off_rule, name="sign-off-rule"),
    path(ORGANISATION + "invitations/", inviting.offer, name="invite"),
    path(ORGANISATION + "invitations/<int:pk>/", inviting.take_back, name="invitation-withdraw"),
    path(ORGANISATION + "verification/", verifying.verification, name="verification"),
    path(ORGANISATION + "verification/<int:pk>/", verifying.look, name="verification-look"),
    path("verify/<str:token>/", verifying.confirm_domain, name="confirm-domain"),
    path("with-an-address/", guests.Guest.as_view(), name="guest"),
    path("sent/", sending.sent, name="sent"),
    path("my-account/", guests.account, name="become-account"),
    path("my-account/delete/", parting.leave, name="leave"),
    path("my-account/delete/<str:token>/", parting.leave_by_link, name="leave-by-link"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:number>/revoke/", tokens.revoke, name="token-revoke"),
    path("workspace/registers/", verifying.reviews, name="reviews"),
    path("workspace/registers/<int:pk>/", verifying.decide, name="review"),
    path("invitations/<str:token>/", inviting.invitation, name="invitation"),
    path("workspace/names/", naming.names, name="names"),
    path("workspace/names/<slug:slug>/", naming.decide, name="decide-name"),
]
