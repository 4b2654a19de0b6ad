"""Which place a report or a supplement names."""

from collections.abc import Sequence

from rules.book.compiled_rulebook import CompiledRulebook
from rules.places.outcome import place_or_trouble
from schemas.command import Trouble
from schemas.place import NotFoundReason, PlaceFound, PlaceGiven
from schemas.report import Photo, Supplement


def placed(
    given: PlaceGiven, book: CompiledRulebook, text: str = "", photos: Sequence[Photo] = ()
) -> tuple[PlaceFound | None, Trouble | None]:
    """The place of a report, or why it has none."""
    return place_or_trouble(book.places.locate(given, text, photos))


def place_supplied(given: Supplement, book: CompiledRulebook) -> tuple[PlaceFound | None, Trouble | None]:
    """The place in a supplement; a text that is nothing but an address counts as one. (None, None): it names none."""
    place, trouble = placed(given.place, book, given.text, given.photos)
    if place is None and book.places.is_address(given.text):
        return placed(PlaceGiven(address=given.text), book)
    nothing = given.place.is_empty and trouble is not None and trouble.reason == NotFoundReason.NO_PLACE
    return (None, None) if nothing else (place, trouble)
