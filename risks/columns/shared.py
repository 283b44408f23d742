"""Names both directions use."""

UNTREATED = "untreated"
WORDS = ("title", "cause", "event", "consequence", "description", "category", "controls")
SIGNATURE = ("accepted", "accepted_by", "accepted_on", "accepted_until")
REASON = "From the imported register"
