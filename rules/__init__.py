"""Decisions: facts in, decisions out, each with its reason; no input, no output, no clock."""
