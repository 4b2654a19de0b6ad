"""When two pictures resemble each other, by their perceptual hashes: 256 bits, which of two neighbours is brighter."""

from typing import Final

MOST_DIFFERENT: Final = 8
"""Bits in which two copies of one picture differ at most after they were scaled, saved anew or stamped. Drawn streets
differ in at least 10 before and after they were cleaned, seen from the same spot, and in 17 if they are two streets."""


def alike(one: str | None, other: str | None) -> bool:
    """Whether two hashes (hex) are of pictures that resemble each other; never, where one has none."""
    if one is None or other is None:
        return False
    return (int(one, 16) ^ int(other, 16)).bit_count() <= MOST_DIFFERENT
