"""Addresses of a person's own pages and of invitations."""

from django.urls import path

from vciso.home.accounts import tokens, views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("theme/", views.theme, name="theme"),
    path("tokens/", tokens.own, name="tokens"),
    path("tokens/<uuid:pk>/revoke/", tokens.revoke, name="token-revoke"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
