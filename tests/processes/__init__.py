"""Whole systems and single processes for tests that start, watch and kill them."""
