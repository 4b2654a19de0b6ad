"""Tests of the page of statistics."""
