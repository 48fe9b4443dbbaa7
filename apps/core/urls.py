"""Addresses of the pages about the service itself."""

from django.urls import path
from django.views.i18n import set_language

from apps.core import views

app_name = "core"
urlpatterns = [
    path("appearance/", views.choose_appearance, name="appearance"),
    path("language/", set_language, name="language"),
    path("about/<slug:name>/", views.about, name="page"),
]
