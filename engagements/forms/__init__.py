"""What people type, checked field by field; the services have the last word."""
