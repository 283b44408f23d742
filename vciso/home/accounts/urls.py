"""Addresses of a person's own pages and of invitations."""

from django.urls import path

from vciso.home.accounts import views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("theme/", views.theme, name="theme"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
