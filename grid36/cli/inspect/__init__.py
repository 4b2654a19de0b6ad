"""Commands that look into what was set aside, lost or read."""
