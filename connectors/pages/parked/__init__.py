"""The page of what could not be processed."""
