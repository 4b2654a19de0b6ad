"""The HTTP API of standing remedies."""
