"""Tests of kept sums."""
