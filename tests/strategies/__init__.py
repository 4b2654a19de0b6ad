"""Rulebooks, tables and facts that hypothesis draws, and rulebooks with one fault each."""
