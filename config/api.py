"""The API under /api/v1/: the addresses of every app, its document and pages, and a problem
for the rest."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularSwaggerSplitView

from apps.core import views
from apps.core.problems import not_found

app_name = "api"
urlpatterns = [
    path("", include("apps.accounts.api.urls")),
    path("", include("apps.notifications.api.urls")),
    path("", include("apps.consultations.api.urls")),
    path("", include("apps.hearings.api.urls")),
    path("", include("apps.responses.api.urls")),
    path("", include("apps.moderation.api.urls")),
    path("", include("apps.submissions.api.urls")),
    path("", include("apps.briefings.api.urls")),
    path("", include("apps.audit.api.urls")),
    path("schema/", views.OpenApiDocument.as_view(), name="schema"),
    path("", views.api_operations, name="documentation"),
    path("guide/", views.api_guide, name="guide"),
    path("try/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="try"),
    re_path(r"(?P<address>[\s\S]+)", not_found, name="nothing"),
]
