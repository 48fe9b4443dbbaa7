"""Addresses of the public pages of submissions."""

from django.urls import path

from apps.submissions.views import reading

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
urlpatterns = [*READING]
