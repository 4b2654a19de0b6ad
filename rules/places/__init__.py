"""From an address, a code or a position to a place: surely, or as a question."""
