"""Queries on the ledger, one question per module."""
