"""The register as it stood on a day, as plain frozen rows."""

from risks.selectors.facts.acceptances import EXPIRED, acceptance_state, acceptances_as_of
from risks.selectors.facts.register import register_as_of, unrecorded
from risks.selectors.facts.rows import AcceptanceRow, RatingFact, RegisterView, RiskRow

__all__ = [
    "EXPIRED",
    "AcceptanceRow",
    "RatingFact",
    "RegisterView",
    "RiskRow",
    "acceptance_state",
    "acceptances_as_of",
    "register_as_of",
    "unrecorded",
]
