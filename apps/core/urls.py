"""Addresses of the pages about the service itself."""

from django.urls import path

from apps.core import views

app_name = "core"
urlpatterns = [
    path("appearance/", views.choose_appearance, name="appearance"),
    path("about/<slug:name>/", views.about, name="page"),
]
