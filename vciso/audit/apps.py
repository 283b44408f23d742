from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "vciso.audit"
    label = "audit"
    verbose_name = "Audit trail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vciso.audit import denied
        from vciso.tenancy import middleware

        middleware.on_denied(denied.record_denied_access)
