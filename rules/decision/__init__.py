"""Decisions: their values, their context, their builder, and the fold of events."""
