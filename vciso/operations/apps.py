from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "vciso.operations"
    label = "operations"
    verbose_name = "Running the portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vciso.operations import checks  # noqa: F401  registers the checks of settings and database role
