"""Reads a file of past cases: encoding, columns, times, positions, one row after another."""
