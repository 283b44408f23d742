"""Pages of reports: the practice's desk, the verbs on it, and reading for owner and board."""
