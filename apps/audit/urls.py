"""The address where a receipt is checked."""

from django.urls import path

from apps.audit import views

app_name = "audit"
urlpatterns = [path("", views.check, name="check")]
