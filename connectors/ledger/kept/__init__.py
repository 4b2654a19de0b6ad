"""Sums that are kept beside the cases, from which figures are added up. Pure."""
