"""Addresses of the pages of what is followed."""

from django.urls import path

from apps.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.following_list, name="list"),
    path("new/", views.new, name="new"),
    path("<int:following_id>/", views.one, name="one"),
    path("unsubscribe/<str:mail_token>/", views.unsubscribe, name="unsubscribe"),
]
