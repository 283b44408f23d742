"""Pages: read the form, call one service, answer. The edge where the clock is read."""
