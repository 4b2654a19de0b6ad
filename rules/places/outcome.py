"""The outcome of looking for a place: the place, or the reason why there is none."""

from schemas.command import Trouble
from schemas.place import Ambiguous, Found, NotFound, PlaceFound


def place_or_trouble(result: Found | Ambiguous | NotFound) -> tuple[PlaceFound | None, Trouble | None]:
    """Exactly one of the two."""
    return (result.place, None) if isinstance(result, Found) else (None, Trouble.of(result))
