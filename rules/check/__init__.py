"""Checks a rulebook for a region before it decides anything. Pure functions."""
