"""How often each category was reported lately."""

from typing import Final

from connectors.ledger.reader import LedgerReader

LATELY: Final = 1000
"""Cases that are counted, the newest."""


def category_counts(ledger: LedgerReader) -> dict[str, int]:
    """Category to how many of the newest cases have it."""
    lately = "SELECT category FROM cases ORDER BY submitted_ms DESC, number DESC LIMIT ?"
    return dict(ledger.rows(f"SELECT category, count(*) FROM ({lately}) GROUP BY category", LATELY))  # noqa: S608
