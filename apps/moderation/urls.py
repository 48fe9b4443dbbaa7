"""Addresses of moderation: the public log, reports, appeals, and the workspace."""

from django.urls import path

from apps.moderation.views import appealing, deciding, log, reporting

app_name = "moderation"
PLACE = "consultations/<slug:slug>/"
PUBLIC = f"{PLACE}moderation/"
STAFF = "workspace/<slug:slug>/moderation/"
urlpatterns = [
    path(PUBLIC, log.log, name="log"),
    path(f"{PUBLIC}log.csv", log.log_table, name="log-table"),
    path(f"{PUBLIC}statistics.csv", log.statistics_table, name="statistics-table"),
    path(f"{PUBLIC}decisions/<int:decision_id>/", appealing.appeal, name="appeal"),
    path(f"{PLACE}report/<path:reference>/", reporting.report, name="report"),
    path(STAFF, deciding.queue, name="queue"),
    path(f"{STAFF}open/<path:reference>/", deciding.opened, name="open"),
    path(f"{STAFF}<int:case_id>/", deciding.case, name="case"),
    path(f"{STAFF}decisions/<int:decision_id>/lift/", deciding.lifted, name="lift"),
    path(f"{STAFF}<int:case_id>/appeal/", deciding.appeal_decided, name="appeal-decided"),
]
