"""Addresses of consultations: public pages, and the workspace in which they are prepared."""

from django.urls import path

from apps.consultations import feeds
from apps.consultations.views import (
    amending,
    asking,
    comparing,
    inviting,
    knowing,
    preparing,
    protecting,
    reading,
    staffing,
    workspace,
    writing,
)

app_name = "consultations"
HOST = "workspace/hosts/<slug:host_slug>/"
OF = "workspace/<slug:slug>/"
TEXT = OF + "texts/<slug:document_slug>/"
PROVISION = TEXT + "provisions/<slug:key>/"
urlpatterns = [
    path("", reading.consultation_list, name="list"),
    path("consultations/<slug:slug>/", reading.overview, name="detail"),
    path("consultations/<slug:slug>/feed.atom", feeds.feed, name="feed"),
    path("consultations/<slug:slug>/calendar.ics", feeds.calendar, name="calendar"),
    path(
        "consultations/<slug:slug>/background/<int:background_id>/",
        reading.background_file,
        name="background-file",
    ),
    path(
        "consultations/<slug:slug>/documents/<slug:document_slug>/",
        reading.document,
        name="document",
    ),
    path(
        "consultations/<slug:slug>/documents/<slug:document_slug>/changes/",
        comparing.changes,
        name="changes",
    ),
    path("workspace/", workspace.workspace, name="workspace"),
    path("workspace/new/", workspace.new, name="new"),
    path("workspace/invitations/<str:token>/", staffing.offer, name="offer"),
    path(HOST, staffing.staff, name="staff"),
    path(HOST + "<int:role_id>/", staffing.dismiss_staff, name="dismiss"),
    path(HOST + "offers/<int:offer_id>/", staffing.offer_withdrawn, name="offer-withdrawn"),
    path(OF, workspace.one, name="workspace-consultation"),
    path(OF + "clone/", workspace.clone, name="clone"),
    path(OF + "identity/", workspace.identity, name="identity"),
    path(OF + "details/", preparing.details, name="details"),
    path(OF + "dates/", preparing.dates, name="schedule"),
    path(OF + "dates/<int:phase_id>/close/", preparing.close, name="close"),
    path(OF + "background/", preparing.background, name="background"),
    path(OF + "background/<int:background_id>/", preparing.background_gone, name="background-gone"),
    path(OF + "translations/<slug:language>/", preparing.translation, name="translation"),
    path(OF + "readiness/", preparing.readiness, name="readiness"),
    path(OF + "data-protection/", protecting.protection, name="protection"),
    path(OF + "preview/", preparing.preview, name="preview"),
    path(OF + "stakeholders/", inviting.stakeholders, name="stakeholders"),
    path(OF + "stakeholders/known/", knowing.known, name="stakeholders-known"),
    path(OF + "questions/", asking.questions, name="questions"),
    path(OF + "questions/new/", asking.new, name="question-new"),
    path(OF + "question/<slug:key>/", asking.change, name="question"),
    path(OF + "texts/", writing.texts, name="texts"),
    path(TEXT, writing.text, name="text"),
    path(TEXT + "whole/", writing.whole, name="whole"),
    path(PROVISION, amending.provision, name="provision"),
    path(PROVISION + "move/", amending.provision_moved, name="provision-moved"),
    path(PROVISION + "remove/", amending.provision_gone, name="provision-gone"),
]
