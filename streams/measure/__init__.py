"""The third step: events become measured durations."""
