"""The vendor inventory as a Django app: its lines in the frame, and its columns for imports."""

from typing import Any

from django.apps import AppConfig


class VendorsConfig(AppConfig):
    name = "vendors"
    verbose_name = "Vendors"

    def ready(self) -> None:
        from vciso.imports import registry
        from vciso.web import navigation
        from vendors import columns

        registry.register(columns.KIND)
        navigation.register(
            navigation.NavItem(
                "Programme", "Vendors", "handshake", "vendors:list", 50, "vendors", "vendors.view", key="v"
            ),
            navigation.NewItem("Vendor", "handshake", "vendors:new", 50, "vendors.add", key="v"),
        )
        navigation.register_count("vendors", _in_use)


def _in_use(client_id: Any) -> Any:
    from vendors.models import Vendor

    return Vendor.objects.active().filter(client_id=client_id)
