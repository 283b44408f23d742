"""The vendor inventory: who the client depends on, what they hold, and when each was last reviewed."""
