"""Tests of lists on pages."""
