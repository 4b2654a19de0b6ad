"""Finds the place of an address, a code or a position: for certain, or as a question."""
