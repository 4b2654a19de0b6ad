"""Tests of the catalogues of texts."""
