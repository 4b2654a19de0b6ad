"""The steward's list on pages: drafts, activation with a second person, and what the system is asked for them."""
