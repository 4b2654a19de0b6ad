"""Unit tests of grid36."""
