"""Addresses of consultations in the API."""

from django.urls import path

from apps.consultations.api import views

urlpatterns = [
    path("consultations/", views.Consultations.as_view(), name="consultations"),
    path("consultations/<slug:slug>/", views.OneConsultation.as_view(), name="consultation"),
]
