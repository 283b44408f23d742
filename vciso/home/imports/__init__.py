"""Pages that bring a spreadsheet in."""
