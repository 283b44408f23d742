"""Addresses of the pages that join apps."""

from django.urls import path

from vciso.home.views import front

app_name = "home"
urlpatterns = [
    path("health/", front.health, name="health"),
]
