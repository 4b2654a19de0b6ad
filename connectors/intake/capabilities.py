"""What a door supports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a door supports."""

    photos: bool = False
    """People can send photos."""
    positions: bool = False
    """People can send a position with its datum."""
    replies: bool = True
    """People receive what happens to their cases. Without it, `run` gets no replies."""
