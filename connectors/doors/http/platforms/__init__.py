"""The HTTP API for neighbouring platforms."""
