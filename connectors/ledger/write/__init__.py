"""Writes the ledger: events of the log become rows."""
