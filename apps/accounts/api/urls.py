"""Addresses of people in the API."""

from django.urls import path

from apps.accounts.api import signing, views

urlpatterns = [
    path("stakeholder-groups/", views.StakeholderGroups.as_view(), name="stakeholder-groups"),
    path("me/", views.Me.as_view(), name="me"),
    path("me/organisations/", views.MyOrganisations.as_view(), name="my-organisations"),
    path(
        "organisations/<slug:slug>/sign-off-rule/",
        signing.SignOffRule.as_view(),
        name="sign-off-rule",
    ),
    path("tokens/", views.Tokens.as_view(), name="tokens"),
    path("tokens/<uuid:number>/", views.Token.as_view(), name="token"),
]
