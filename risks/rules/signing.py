"""Who signs for a risk: a matter of its exposure (the worst present band, or a loss above its limit) alone."""

from __future__ import annotations

from engagements.enums import AskRole
from risks.enums import Band

OWNER_UP_TO = Band.HIGH
"""Without an agreement of the client's own the owner signs up to high, and the board for critical."""


def signing_role(exposure: Band, *, owner_up_to: Band, any_director: bool) -> AskRole:
    """The role that signs for an exposure. With nobody on the board the owner signs everything."""
    if exposure > owner_up_to and any_director:
        return AskRole.BOARD
    return AskRole.OWNER
