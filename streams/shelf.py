"""The books that decisions are made by, built once per worker and kept by the hashes of their content."""

from typing import Protocol

from rules.book import Book
from schemas.errors import Parked
from streams.errors import Refusal
from streams.totals import Switch


class UnknownContentError(Parked):
    """`rulebooks` has no such rulebook or region. Store it first: `grid36 rules activate` does both at once."""


class ContentMissingError(Refusal):
    """This partition works by a rulebook or region that `rulebooks` no longer has. Store that content again."""


class Shelf(Protocol):
    """Books by their content hashes."""

    first: Switch
    """What the system was created with."""

    def get(self, switch: Switch) -> Book | None:
        """The book, if it is loaded; never waits."""

    async def load(self, switch: Switch) -> bool:
        """Have the book ready; False when its content is not in `rulebooks`."""


class FixedShelf:
    """A shelf that holds what it was given, for tests, benches and proofs."""

    def __init__(self, *books: Book, region: str = "region") -> None:
        self._books = {(book.version, region): book for book in books}
        self.first = Switch(0, books[0].version, region)

    def get(self, switch: Switch) -> Book | None:
        """The book, if it was given."""
        return self._books.get(switch[1:])

    async def load(self, switch: Switch) -> bool:
        """Whether it was given."""
        return switch[1:] in self._books
