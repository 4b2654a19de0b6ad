"""Where a ledger is."""

from pathlib import Path

LedgerAddress = Path | str
"""The path of a file."""
