"""Addresses of official responses: the public pages, and where staff gives and tracks them."""

from django.urls import path

from apps.responses.views import answering, reading, tracking

app_name = "responses"
PUBLIC, STAFF = "consultations/<slug:slug>/", "workspace/<slug:slug>/responses/"
urlpatterns = [
    path(f"{PUBLIC}responses/", reading.response_list, name="list"),
    path(f"{PUBLIC}responses/<int:number>/", reading.response, name="one"),
    path(f"{PUBLIC}you-said-we-did/", reading.done, name="done"),
    path(STAFF, answering.ledger, name="ledger"),
    path(f"{STAFF}copies/", answering.copies, name="copies"),
    path(f"{STAFF}bulk/<int:number>/", answering.bulk, name="bulk"),
    path(f"{STAFF}bulk/<int:number>/retry/", answering.retry, name="bulk-retry"),
    path(f"{STAFF}promise/", tracking.promised, name="promise"),
    path(f"{STAFF}answered/", tracking.answered, name="answered"),
    path(f"{STAFF}answered/take-back/", tracking.taken_back, name="take-back"),
    path(f"{STAFF}milestones/", tracking.milestones, name="milestones"),
    path(f"{STAFF}milestones/<int:milestone_id>/", tracking.milestone, name="milestone"),
]
