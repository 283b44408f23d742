from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "vciso.audit"
    label = "audit"
    verbose_name = "Audit trail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vciso.audit import services
        from vciso.tenancy import middleware

        middleware.on_denied(services.record_denied_access)
