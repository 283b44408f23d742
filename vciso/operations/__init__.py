"""What whoever runs the portal needs: health, figures, logs, backups, checks at the start, anchors."""
