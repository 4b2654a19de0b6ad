"""Figures before and since a version of the list."""
