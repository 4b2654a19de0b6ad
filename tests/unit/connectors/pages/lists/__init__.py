"""Tests of the pages of the list steward."""
