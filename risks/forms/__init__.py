"""What people fill in about risks."""
