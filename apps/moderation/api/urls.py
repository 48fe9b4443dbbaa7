"""Addresses of moderation in the API."""

from django.urls import path

from apps.moderation.api import appealing, deciding, flagging, log

PLACE = "consultations/<slug:slug>/moderation/"
SUBMISSION = "consultations/<slug:slug>/submissions/<path:reference>/"
CASES = "workspace/<slug:slug>/moderation/cases/"
urlpatterns = [
    path(f"{PLACE}log/", log.ModerationLog.as_view(), name="moderation-log"),
    path(f"{PLACE}statistics/", log.ModerationStatistics.as_view(), name="moderation-statistics"),
    path(
        f"{PLACE}decisions/<int:decision_id>/appeal/",
        appealing.Appeals.as_view(),
        name="moderation-appeal",
    ),
    path(f"{SUBMISSION}flags/", flagging.Flags.as_view(), name="flags"),
    path(f"{SUBMISSION}decisions/", appealing.OwnDecisions.as_view(), name="own-decisions"),
    path(CASES, deciding.Cases.as_view(), name="moderation-cases"),
    path(
        "workspace/<slug:slug>/moderation/decisions/",
        deciding.Decided.as_view(),
        name="moderation-decided",
    ),
    path(
        "workspace/<slug:slug>/moderation/decisions/<int:decision_id>/lift/",
        deciding.Lift.as_view(),
        name="moderation-lift",
    ),
    path(f"{CASES}<int:case_id>/", deciding.OneCase.as_view(), name="moderation-case"),
    path(
        f"{CASES}<int:case_id>/decision/",
        deciding.CaseDecision.as_view(),
        name="moderation-decision",
    ),
    path(
        f"{CASES}<int:case_id>/appeal/",
        deciding.AppealDecision.as_view(),
        name="moderation-appeal-decision",
    ),
]
