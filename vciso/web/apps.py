"""The app's entry in INSTALLED_APPS."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "vciso.web"
    label = "web"
