"""What becomes of a report: opened, sent on, waiting, joined."""
