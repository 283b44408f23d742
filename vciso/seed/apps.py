from django.apps import AppConfig


class SeedConfig(AppConfig):
    name = "vciso.seed"
    label = "seed"
    verbose_name = "Demonstration data"
