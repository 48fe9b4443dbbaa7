"""Addresses of people in the API."""

from django.urls import path

from apps.accounts.api import deciding, organisations, parting, signing, verifying, views

ORGANISATION = "organisations/<slug:slug>/"
urlpatterns = [
    path("organisations/", organisations.Organisations.as_view(), name="organisations"),
    path(ORGANISATION, organisations.OneOrganisation.as_view(), name="organisation"),
    path(ORGANISATION + "members/", organisations.Members.as_view(), name="members"),
    path(ORGANISATION + "members/<int:pk>/", organisations.Member.as_view(), name="member"),
    path(ORGANISATION + "invitations/", organisations.Invitations.as_view(), name="seats"),
    path(
        ORGANISATION + "invitations/<int:pk>/", organisations.OneInvitation.as_view(), name="seat"
    ),
    path("invitations/<str:token>/", organisations.Seat.as_view(), name="invitation"),
    path(
        ORGANISATION + "verifications/", organisations.Verifications.as_view(), name="verifications"
    ),
    path(
        ORGANISATION + "verifications/<int:pk>/look/",
        organisations.Look.as_view(),
        name="verification-look",
    ),
    path("verify/<str:token>/", verifying.MailVerification.as_view(), name="mail-verification"),
    path("stakeholder-groups/", views.StakeholderGroups.as_view(), name="stakeholder-groups"),
    path("me/", views.Me.as_view(), name="me"),
    path("me/deletion/", parting.Deletion.as_view(), name="deletion"),
    path("me/deletion/<str:token>/", parting.DeletionByLink.as_view(), name="deletion-by-link"),
    path("me/organisations/", views.MyOrganisations.as_view(), name="my-organisations"),
    path(
        ORGANISATION + "sign-off-rule/",
        signing.SignOffRule.as_view(),
        name="sign-off-rule",
    ),
    path("held-names/", deciding.HeldNames.as_view(), name="held-names"),
    path("held-names/<slug:slug>/", deciding.HeldName.as_view(), name="held-name"),
    path("register-numbers/", deciding.RegisterNumbers.as_view(), name="register-numbers"),
    path(
        "register-numbers/<int:pk>/",
        deciding.RegisterNumberReview.as_view(),
        name="register-number",
    ),
    path("tokens/", views.Tokens.as_view(), name="tokens"),
    path("tokens/<uuid:number>/", views.Token.as_view(), name="token"),
]
