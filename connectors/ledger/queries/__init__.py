"""Reads the ledger: one question a module."""
