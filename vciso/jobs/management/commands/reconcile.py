"""`reconcile`: brings rows and broker together, for a timer that does not hang on the broker as beat does."""

from typing import Any

from vciso.jobs import reconcile
from vciso.tenancy.commands import PortalCommand


class Command(PortalCommand):
    help = "Returns expired leases to the queue and tells the broker of due jobs. Harmless beside beat."

    def run(self, **options: Any) -> dict[str, Any]:
        told = reconcile.reconcile()
        return {"told": told, "sentence": f"The queue was told of {told} jobs."}
