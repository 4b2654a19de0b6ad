"""How a place in the ledger's own order is written: browsers give it back to go on from there."""


def position(epoch: str, seq: int) -> str:
    """The id of a change."""
    return f"{epoch}:{seq}"
