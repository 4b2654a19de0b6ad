"""Limits, milestones and deadlines of a case."""
