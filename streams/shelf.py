"""The books that decisions are made by, built once per worker and kept by the hashes of their content."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from rules.book import Book
from schemas.errors import Parked
from streams.errors import Refusal
from streams.totals import Switch

Loader = Callable[[Switch], Awaitable[Book | None]]
"""Finds the content of a switch and builds its book; None when the content is not there."""

Past = Callable[[], Awaitable[bool]]
"""Whether this system is a history in which our rules route."""


class UnknownContentError(Parked):
    """`rulebooks` has no such rulebook or region. Store its content there before the command that activates it."""


class ContentMissingError(Refusal):
    """This partition works by a rulebook or region that `rulebooks` no longer has. Store that content again."""


async def nothing(switch: Switch) -> Book | None:
    """The loader of a shelf that holds all it will ever have."""
    return None


async def never() -> bool:
    """The past of a shelf that is not asked to decide it."""
    return False


class Shelf:
    """Books by their content hashes. `first` is what the system was created with."""

    def __init__(self, first: Switch, loader: Loader = nothing, past: Past = never) -> None:
        self.first = first
        self._loader = loader
        self._past = past
        self._decides: bool | None = None
        self._books: dict[tuple[str, str], Book] = {}

    def put(self, switch: Switch, book: Book) -> None:
        """Have this book."""
        self._books[switch.rulebook, switch.region] = book

    def get(self, switch: Switch) -> Book | None:
        """The book, if it is loaded; never waits."""
        return self._books.get((switch.rulebook, switch.region))

    def need(self, switch: Switch | None) -> Book:
        """The book of an active switch (None: the first). Raises `ContentMissingError` when it is not loaded."""
        wanted = switch or self.first
        book = self.get(wanted)
        if book is None:
            raise ContentMissingError(rulebook=wanted.rulebook, region=wanted.region)
        return book

    async def load(self, switch: Switch) -> bool:
        """Have the book ready; False when its content is not there."""
        if self.get(switch) is None:
            book = await self._loader(switch)
            if book is None:
                return False
            self.put(switch, replace(book, decides_history=True) if self._decides else book)
        return True

    async def remember(self) -> None:
        """Source facts of the past have come: learn, once, whether our rules route them."""
        if self._decides is None:
            self._decides = await self._past()
            if self._decides:
                self._books = {key: replace(book, decides_history=True) for key, book in self._books.items()}

    async def plan(self, switch: Switch) -> None:
        """Have the book ready that a partition works by. Raises `ContentMissingError`."""
        if not await self.load(switch):
            raise ContentMissingError(rulebook=switch.rulebook, region=switch.region)


def shelf_of(*books: Book, region: str = "region") -> Shelf:
    """A shelf with these books, the first one active; for tests, benches and proofs."""
    shelf = Shelf(Switch(0, books[0].version, region))
    for book in books:
        shelf.put(Switch(0, book.version, region), book)
    return shelf
