"""Addresses of briefings and of the workspace."""

from django.urls import path

from apps.briefings.views import marking, reading, workspace

app_name = "briefings"
OF = "consultations/<slug:slug>/briefings/"
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
    path("workspace/", workspace.workspace, name="workspace"),
    path(WORK, workspace.workspace_consultation, name="workspace-consultation"),
    path(WORK + "briefings/", workspace.start, name="start"),
    path(WORK + "briefings/<int:version>/progress/", workspace.progress, name="progress"),
    path(WORK + "briefings/<int:version>/retry/", workspace.retry, name="retry"),
]
