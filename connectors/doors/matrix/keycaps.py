"""The reactions that stand for buttons: 1️⃣ to 9️⃣ and 🔟."""

from typing import Final

SELECTOR: Final = "\ufe0f"
"""Asks for the coloured shape of a sign; some clients leave it out."""
KEYCAPS: Final = (*(f"{digit}{SELECTOR}\u20e3" for digit in "123456789"), "\U0001f51f")
MOST: Final = len(KEYCAPS)
_PLACES: Final = {key.replace(SELECTOR, ""): place for place, key in enumerate(KEYCAPS)}


def place_of(key: str) -> int | None:
    """Which button a reaction means, from 0; None for any other reaction."""
    return _PLACES.get(key.replace(SELECTOR, ""))
