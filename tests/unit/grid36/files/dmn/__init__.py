"""Tests of DMN files."""
