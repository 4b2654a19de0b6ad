"""Reads and writes files that people edit: strictly, reporting every mistake with its place."""
