from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class JobsConfig(AppConfig):
    name = "vciso.jobs"
    label = "jobs"
    verbose_name = "Jobs and mail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Every process dispatches, so every process must know the broker, not the worker alone.
        import_module(settings.CELERY_MODULE)
