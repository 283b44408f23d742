"""Writes: one function per verb. Import the module you mean: `from engagements.services import asks`."""
