"""`audit verify`: recomputes every chain of the trail and says which are whole."""

from typing import Any

from django.core.management.base import CommandParser

from vciso.audit import selectors
from vciso.tenancy.commands import PortalCommand


class Command(PortalCommand):
    help = "Verifies the hash chains of the audit trail."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("action", choices=["verify"])

    def run(self, **options: Any) -> dict[str, Any]:
        chains = selectors.verify()
        broken = [chain for chain in chains if chain.broken_at is not None]
        events = sum(chain.events for chain in chains)
        if broken:
            lines = [f"{c.chain}: broken at event {c.broken_at}: {c.why}" for c in broken]
            sentence = "\n".join([f"{len(broken)} of {len(chains)} chains are broken.", *lines])
        else:
            sentence = f"All {len(chains)} chains are whole: {events} events verified."
        return {
            "sentence": sentence,
            "chains": len(chains),
            "events": events,
            "broken": [vars(chain) for chain in broken],
            "failed": bool(broken),
        }
