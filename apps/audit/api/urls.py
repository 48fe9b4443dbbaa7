"""Addresses of receipts in the API."""

from django.urls import path

from apps.audit.api import views

urlpatterns = [path("receipts/check/", views.ReceiptChecks.as_view(), name="receipt-check")]
