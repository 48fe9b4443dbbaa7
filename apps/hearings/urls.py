"""Addresses of hearings: public pages, those of speakers, and where staff holds them."""

from django.urls import path

from apps.hearings.views import answering, holding, listing, planning, reading, recording

app_name = "hearings"
PUBLIC = "consultations/<slug:slug>/hearings/"
ONE = f"{PUBLIC}<slug:hearing_slug>/"
STAFF = "workspace/<slug:slug>/hearings/"
HELD = f"{STAFF}<slug:hearing_slug>/"
urlpatterns = [
    path(PUBLIC, reading.hearing_list, name="list"),
    path(ONE, reading.hearing, name="detail"),
    path(f"{ONE}hearing.ics", reading.calendar, name="calendar"),
    path(f"{ONE}minutes/", reading.minutes, name="minutes"),
    path(f"{ONE}minutes.pdf", reading.minutes_on_paper, name="minutes-pdf"),
    path(f"{ONE}speak/", reading.speak, name="speak"),
    path(f"{ONE}speak/<int:speaker_id>/withdraw/", reading.withdraw, name="withdraw"),
    path("said/<int:speaker_id>/", answering.own, name="own-statements"),
    path("said/by-mail/<str:speaker_token>/", answering.by_link, name="statements-link"),
    path(
        "said/by-mail/<str:speaker_token>/withdraw/<path:reference>/",
        answering.take_back_by_link,
        name="statements-withdraw",
    ),
    path(STAFF, planning.hearings, name="workspace"),
    path(f"{STAFF}new/", planning.new, name="new"),
    path(HELD, holding.manage, name="manage"),
    path(f"{HELD}details/", planning.change, name="change"),
    path(f"{HELD}act/", holding.act, name="act"),
    path(f"{HELD}agenda/<int:item_id>/", holding.item, name="item"),
    path(f"{HELD}speakers/", listing.speakers, name="speakers"),
    path(f"{HELD}speakers/new/", listing.add, name="speaker-new"),
    path(f"{HELD}minutes/", recording.statements, name="statements"),
    path(f"{HELD}minutes/<int:speaker_id>/new/", recording.write, name="statement-new"),
    path(f"{HELD}minutes/statement/<int:statement_id>/", recording.change, name="statement"),
]
