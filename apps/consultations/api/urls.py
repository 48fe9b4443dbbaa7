"""Addresses of consultations in the API."""

from django.urls import path

from apps.consultations.api import inviting, preparing, protecting, views, writing

ONE = "consultations/<slug:slug>/"
TEXT = "workspace/" + ONE + "documents/<slug:document>/"
WORK = "workspace/" + ONE
HOST = "workspace/hosts/<slug:host>/"
urlpatterns = [
    path("consultations/", views.Consultations.as_view(), name="consultations"),
    path(ONE + "identity/", views.ChosenIdentity.as_view(), name="identity"),
    path(ONE, views.OneConsultation.as_view(), name="consultation"),
    path("workspace/consultations/", preparing.Started.as_view(), name="workspace"),
    path(WORK + "clones/", preparing.Cloned.as_view(), name="clones"),
    path(WORK + "details/", preparing.Details.as_view(), name="details"),
    path(WORK + "schedule/", preparing.Schedule.as_view(), name="schedule"),
    path(WORK + "phases/<int:phase_id>/closing/", preparing.Closing.as_view(), name="closing"),
    path(WORK + "readiness/", preparing.Readiness.as_view(), name="readiness"),
    path(WORK + "publication/", preparing.Publication.as_view(), name="publication"),
    path(WORK + "background/", preparing.Background.as_view(), name="background"),
    path(
        WORK + "background/<int:background_id>/",
        preparing.OneBackground.as_view(),
        name="one-background",
    ),
    path(
        WORK + "translations/<slug:language>/",
        preparing.TranslationInto.as_view(),
        name="translation",
    ),
    path(WORK + "documents/", writing.Documents.as_view(), name="documents"),
    path(TEXT + "draft/", writing.DraftText.as_view(), name="draft-text"),
    path(TEXT + "draft/<slug:key>/", writing.DraftOfProvision.as_view(), name="draft-of-provision"),
    path(TEXT + "versions/", writing.Versions.as_view(), name="versions"),
    path(WORK + "questions/", writing.Questions.as_view(), name="questions"),
    path(WORK + "questions/<slug:key>/", writing.OneQuestion.as_view(), name="question"),
    path(WORK + "goals/", inviting.Goals.as_view(), name="goals"),
    path(WORK + "stakeholders/", inviting.Stakeholders.as_view(), name="stakeholders"),
    path(
        WORK + "stakeholders/known/",
        inviting.KnownOrganisations.as_view(),
        name="stakeholders-known",
    ),
    path(
        WORK + "stakeholders/<int:stakeholder_id>/",
        inviting.OneStakeholder.as_view(),
        name="stakeholder",
    ),
    path(WORK + "invitations/", inviting.Invitations.as_view(), name="stakeholder-invitations"),
    path(WORK + "data-protection/", protecting.DataProtection.as_view(), name="data-protection"),
    path(WORK + "reminders/", inviting.Reminders.as_view(), name="stakeholder-reminders"),
    path(HOST + "staff/", writing.Staff.as_view(), name="staff"),
    path(HOST + "staff/<int:role_id>/", writing.Seat.as_view(), name="staff-seat"),
    path(HOST + "offers/", writing.Offers.as_view(), name="role-offers"),
    path(HOST + "offers/<int:offer_id>/", writing.OneOffer.as_view(), name="role-offer"),
]
