from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "vciso.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vciso.accounts import reactions, trail

        trail.connect()
        reactions.connect()
