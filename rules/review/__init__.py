"""Tools for the list steward: explain decisions, compare rulebooks, try them on past cases."""
