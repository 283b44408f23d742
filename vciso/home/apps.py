from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "vciso.home"
    label = "home"
    verbose_name = "Home"
