"""Recurrence: where the same is reported more often than chance explains."""
