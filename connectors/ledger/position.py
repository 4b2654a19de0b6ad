"""Formats a position in the ledger's own order; browsers send it back to resume a stream."""


def position(epoch: str, seq: int) -> str:
    """The id of a change."""
    return f"{epoch}:{seq}"
