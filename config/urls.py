"""The site map: pages of each app, the API, log-in, operations admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    # First, so that a program's request is not compared with the address of every page.
    path("api/v1/", include("config.api")),
    path("", include("apps.accounts.urls")),
    path("", include("apps.consultations.urls")),
    path("", include("apps.submissions.urls")),
    path("", include("apps.hearings.urls")),
    path("", include("apps.responses.urls")),
    path("", include("apps.briefings.urls")),
    path("", include("apps.moderation.urls")),
    path("", include("apps.core.urls")),
    path("following/", include("apps.notifications.urls")),
    path("receipts/", include("apps.audit.urls")),
    path("accounts/", include("allauth.urls")),
    path("operations/", admin.site.urls),
]
