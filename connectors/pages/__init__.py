"""Thin phone pages on the gateway, one per role. Pages only show and submit; the rules decide."""
