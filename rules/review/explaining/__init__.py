"""Decisions explained: any table row by row, the versions of a list item, the admission gate, and the limits."""
