"""The tags of `ui`, by kind. Each declares its arguments: a misspelt one fails to compile."""
