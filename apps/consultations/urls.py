"""Addresses of the public pages of consultations."""

from django.urls import path

from apps.consultations import feeds, views

app_name = "consultations"
urlpatterns = [
    path("", views.consultation_list, name="list"),
    path("consultations/<slug:slug>/", views.overview, name="detail"),
    path("consultations/<slug:slug>/feed.atom", feeds.feed, name="feed"),
    path("consultations/<slug:slug>/calendar.ics", feeds.calendar, name="calendar"),
    path(
        "consultations/<slug:slug>/documents/<slug:document_slug>/",
        views.document,
        name="document",
    ),
]
