"""Commands that look at what could not be processed, and settle it."""
