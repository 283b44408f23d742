"""Names both directions use."""

UNTREATED = "untreated"
WORDS = ("title", "cause", "event", "consequence", "description", "category", "controls")
SIGNATURE = ("accepted", "accepted_by", "accepted_on", "accepted_until")
COST = {
    "cost_once": "once",
    "cost_years": "life_years",
    "cost_yearly": "yearly",
    "cost_hours": "hours",
    "cost_hour": "hour",
}
"""The parts of a plan's cost by their columns."""
REASON = "From the imported register"
