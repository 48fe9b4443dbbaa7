"""Addresses of official responses in the API."""

from django.urls import path

from apps.responses.api import ledger, tracking, views

PLACE = "consultations/<slug:slug>/"
urlpatterns = [
    path(f"{PLACE}responses/", views.Responses.as_view(), name="responses"),
    path(
        f"{PLACE}responses/<int:response_id>/parts/",
        views.ResponseParts.as_view(),
        name="response-parts",
    ),
    path(
        f"{PLACE}submissions/<path:reference>/responses/",
        views.ResponsesTo.as_view(),
        name="responses-to",
    ),
    path(f"{PLACE}ledger/", ledger.Ledger.as_view(), name="ledger"),
    path(f"{PLACE}ledger/copies/", ledger.Copies.as_view(), name="ledger-copies"),
    path(f"{PLACE}ledger/count/", ledger.LedgerCount.as_view(), name="ledger-count"),
    path(f"{PLACE}bulk-responses/", ledger.BulkResponses.as_view(), name="bulk-responses"),
    path(
        f"{PLACE}bulk-responses/<int:bulk_id>/", ledger.BulkProgress.as_view(), name="bulk-response"
    ),
    path(
        f"{PLACE}bulk-responses/<int:bulk_id>/retry/",
        ledger.BulkRetry.as_view(),
        name="bulk-response-retry",
    ),
    path(f"{PLACE}promise/", tracking.PromiseOf.as_view(), name="promise"),
    path(f"{PLACE}answered/", tracking.Answered.as_view(), name="answered"),
    path(f"{PLACE}answered/take-back/", tracking.TakenBack.as_view(), name="take-back"),
    path(f"{PLACE}milestones/", tracking.Milestones.as_view(), name="milestones"),
    path(
        f"{PLACE}milestones/<int:milestone_id>/", tracking.MilestoneOf.as_view(), name="milestone"
    ),
    path(f"{PLACE}you-said-we-did/", tracking.Done.as_view(), name="done"),
]
