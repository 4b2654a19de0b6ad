"""Tests of figures before and since a version of the list."""
