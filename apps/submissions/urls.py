"""Addresses of the public pages of submissions."""

from django.urls import path

from apps.submissions.views import reading, responding

app_name = "submissions"
READING = [
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
RESPOND = "consultations/<slug:slug>/respond/"
RESPONDING = [
    path(RESPOND, responding.respond, name="respond"),
    path(RESPOND + "check/", responding.check, name="check"),
    path(RESPOND + "filed/<str:reference>/", responding.filed, name="filed"),
    path(RESPOND + "filed/<str:reference>/receipt.json", responding.receipt_file, name="receipt"),
]
urlpatterns = [*RESPONDING, *READING]
