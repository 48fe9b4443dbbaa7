"""Addresses of briefings, also of those in the making."""

from django.urls import path

from apps.briefings.views import following, marking, reading, results, workspace

app_name = "briefings"
OF = "consultations/<slug:slug>/briefings/"
RESULTS = "consultations/<slug:slug>/results/"
WORK = "workspace/<slug:slug>/"
urlpatterns = [
    path(OF, reading.briefing_list, name="list"),
    path(OF + "<int:version>/", reading.briefing_detail, name="detail"),
    path(OF + "<int:version>/claims/<str:number>/", reading.claim, name="claim"),
    path(
        OF + "<int:version>/claims/<str:number>/understanding/",
        marking.understanding,
        name="understanding",
    ),
    path(OF + "<int:version>/index/", reading.index, name="index"),
    path(OF + "<int:version>/files/<slug:file_format>/", reading.download, name="file"),
    path(RESULTS, results.results, name="results"),
    path(RESULTS + "slides.pptx", results.slides, name="results-slides"),
    path(RESULTS + "embedded/", results.embedded, name="results-embedded"),
    path(RESULTS + "<slug:name>.csv", results.table, name="results-table"),
    path("my-responses/", following.mine, name="mine"),
    path("consultations/<slug:slug>/words/<path:reference>/", following.words, name="words"),
    path(WORK + "briefings/", workspace.start, name="start"),
    path(WORK + "briefings/<int:version>/progress/", workspace.progress, name="progress"),
    path(WORK + "briefings/<int:version>/retry/", workspace.retry, name="retry"),
]
