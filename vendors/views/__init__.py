"""Pages of the vendor inventory: read the form, call one service, answer."""
