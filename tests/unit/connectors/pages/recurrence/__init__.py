"""Tests of the page of hot spots."""
