"""Replies to people who use a door: what happened to their cases."""
