"""Tests of the API of standing remedies."""
