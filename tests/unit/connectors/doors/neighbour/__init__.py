"""Tests of the neighbour door."""
