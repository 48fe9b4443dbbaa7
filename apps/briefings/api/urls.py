"""Addresses of briefings and claims in the API."""

from django.urls import path

from apps.briefings.api import following, marking, views

ONE = "consultations/<slug:slug>/briefings/<int:version>/"
urlpatterns = [
    path("consultations/<slug:slug>/briefings/", views.Briefings.as_view(), name="briefings"),
    path("me/submissions/", following.MySubmissions.as_view(), name="my-submissions"),
    path(
        "consultations/<slug:slug>/words/<path:reference>/",
        following.Words.as_view(),
        name="words",
    ),
    path("consultations/<slug:slug>/claims/", views.ClaimsOf.as_view(), name="claims-of"),
    path(ONE, views.OneBriefing.as_view(), name="briefing"),
    path(f"{ONE}content/", views.Content.as_view(), name="briefing-content"),
    path(f"{ONE}progress/", views.Progress.as_view(), name="briefing-progress"),
    path(f"{ONE}retry/", views.Retry.as_view(), name="briefing-retry"),
    path(f"{ONE}claims/", views.Claims.as_view(), name="claims"),
    path(f"{ONE}claims/<str:number>/", views.OneClaim.as_view(), name="claim"),
    path(
        f"{ONE}claims/<str:number>/understanding/",
        marking.ClaimUnderstanding.as_view(),
        name="understanding",
    ),
    path(f"{ONE}files/<slug:file_format>/", views.File.as_view(), name="briefing-file"),
]
