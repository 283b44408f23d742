"""Pages of the written programme: read the form, call one service, answer."""
