"""Unit tests of the acts."""
