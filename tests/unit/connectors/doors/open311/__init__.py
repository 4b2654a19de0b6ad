"""Tests of the Open311 door."""
