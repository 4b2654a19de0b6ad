"""Formats a position in the ledger's own order; browsers send it back to resume a stream."""


def position(epoch: str, seq: int) -> str:
    """The position as text, `epoch:sequence`."""
    return f"{epoch}:{seq}"
