"""Addresses of what is followed in the API."""

from django.urls import path

from apps.notifications.api import views

urlpatterns = [
    path("me/following/", views.Followings.as_view(), name="followings"),
    path("me/following/<int:following_id>/", views.OneFollowing.as_view(), name="following"),
]
