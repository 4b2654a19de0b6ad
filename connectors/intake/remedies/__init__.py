"""Proposing a standing remedy for a place where the same is reported again and again."""
