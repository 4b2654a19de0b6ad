"""Tests of what the system does for the lists page."""
