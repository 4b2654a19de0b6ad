"""Thin phone pages on the gateway, one per role. They carry, they do not decide."""
