"""Invented regions, small and large, for tests and benchmarks."""
