"""Tests of the charts of statistics."""
