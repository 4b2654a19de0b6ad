"""Matches decision tables: which rows the facts match."""
