from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "vciso.tenancy"
    label = "tenancy"
    verbose_name = "Tenancy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vciso.tenancy import checks  # noqa: F401  registers the database checks
