"""Finds words of the rulebook in what people write."""
