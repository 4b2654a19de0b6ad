"""What happens to a report: opened, dispatched, waiting, merged."""
