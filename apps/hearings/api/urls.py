"""Addresses of hearings in the API."""

from django.urls import path

from apps.hearings.api import holding, reading, recording

PLACE = "consultations/<slug:slug>/hearings/"
ONE = f"{PLACE}<slug:hearing>/"
STAFF = "workspace/consultations/<slug:slug>/hearings/"
HELD = f"{STAFF}<slug:hearing>/"
SPEAKER = f"{HELD}speakers/<int:speaker_id>/"
urlpatterns = [
    path(PLACE, reading.Hearings.as_view(), name="hearings"),
    path(ONE, reading.HearingOf.as_view(), name="hearing"),
    path(f"{ONE}minutes/", reading.Minutes.as_view(), name="hearing-minutes"),
    path(f"{ONE}requests/", reading.Requests.as_view(), name="hearing-requests"),
    path(f"{ONE}requests/<int:speaker_id>/", reading.OneRequest.as_view(), name="hearing-request"),
    path("said/<int:speaker_id>/", reading.OwnStatements.as_view(), name="own-statements"),
    path(
        "said/by-mail/<str:speaker_token>/",
        reading.StatementsByMail.as_view(),
        name="statements-by-mail",
    ),
    path(STAFF, holding.HeldHearings.as_view(), name="held-hearings"),
    path(HELD, holding.HeldHearing.as_view(), name="held-hearing"),
    path(f"{HELD}announcement/", holding.Announcement.as_view(), name="hearing-announcement"),
    path(f"{HELD}cancellation/", holding.Cancellation.as_view(), name="hearing-cancellation"),
    path(f"{HELD}closing/", holding.HearingClosing.as_view(), name="hearing-closing"),
    path(f"{HELD}agenda/", holding.Agenda.as_view(), name="agenda"),
    path(f"{HELD}agenda/<int:item_id>/", holding.AgendaItemOf.as_view(), name="agenda-item"),
    path(f"{HELD}speakers/", recording.Speakers.as_view(), name="speakers"),
    path(f"{HELD}order/", recording.SpeakerOrder.as_view(), name="speaker-order"),
    path(SPEAKER, recording.SpeakerOf.as_view(), name="speaker"),
    path(f"{SPEAKER}statements/", recording.Statements.as_view(), name="statements"),
    path(f"{SPEAKER}sending/", recording.Sending.as_view(), name="statements-sending"),
    path(
        f"{HELD}statements/<int:statement_id>/", recording.StatementOf.as_view(), name="statement"
    ),
    path(f"{HELD}reminders/", recording.SpeakerReminders.as_view(), name="speaker-reminders"),
    path(
        f"{HELD}minutes-publication/",
        holding.MinutesPublication.as_view(),
        name="minutes-publication",
    ),
]
