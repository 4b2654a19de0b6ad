"""Tests of the public list."""
