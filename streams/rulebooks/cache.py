"""Cache of compiled rulebooks, built once per worker and keyed by the hashes of their content."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import replace
from typing import Final
from weakref import WeakKeyDictionary

from rules.book.compiled_rulebook import CompiledRulebook
from schemas.case import Case
from schemas.errors import Parked, Retry
from streams.partition.errors import Refusal
from streams.rulebooks.schedule import Switch

log = logging.getLogger(__name__)

Digests = tuple[str, str]
"""Of a rulebook and a region."""

Loader = Callable[[Switch], Awaitable[CompiledRulebook | None]]
"""Finds the content of a switch and compiles it; None when the content is missing."""

Finder = Callable[[Switch], Awaitable[bool]]
"""Whether the content of a switch exists."""

Keeper = Callable[[Collection[Digests], Collection[str]], None]
"""Called with the compiled rulebooks that are needed (all others may go) and the rulebooks that decide new reports."""

MOST_LOADING: Final = 1
"""How many are compiled at a time: each takes a core, and partitions go on working meanwhile."""

Past = Callable[[], Awaitable[bool | None]]
"""Whether our rules route in this system, which is a history; None where it is none."""


class UnknownContentError(Parked):
    """`rulebooks` holds no such rulebook or region, or something else under its hash. Store it before activating
    it.
    """


class NoHistoryError(Parked):
    """This is a fact of past cases, but this system is live. Replay them into a separate system."""


class BookLoadingError(Retry):
    """A rulebook is in force whose book is still being built. The partition starts over and waits for it."""


class ContentMissingError(Refusal):
    """This partition works by a rulebook or region that `rulebooks` no longer has. Store that content again."""


async def nothing(switch: Switch) -> CompiledRulebook | None:
    """Default loader of a cache that is filled up front."""
    return None


async def nowhere(switch: Switch) -> bool:
    """Default finder of such a cache."""
    return False


async def never() -> bool:
    """Default of a cache that does not decide the past."""
    return False


def all_of_it(needed: Collection[Digests], deciding: Collection[str]) -> None:
    """Default keeper of a cache without a store behind it."""


class RulebookCache:
    """Compiled rulebooks by their content hashes. `first` is what the system was created with.

    Each is compiled once, by whoever asks first, while the partitions of the worker go on; it goes when no step needs
    it any more, else every rulebook that ever was in force would keep its process and its memory.
    """

    def __init__(
        self,
        first: Switch,
        loader: Loader = nothing,
        past: Past = never,
        finder: Finder = nowhere,
        keeper: Keeper = all_of_it,
    ) -> None:
        self.first = first
        self._loader = loader
        self._finder = finder
        self._keeper = keeper
        self._past = past
        self._asked = False
        self._decides: bool | None = None
        self._books: dict[Digests, CompiledRulebook] = {}
        self._lasting = {_digests(first)}
        self._needs: WeakKeyDictionary[object, tuple[frozenset[Digests], frozenset[str]]] = WeakKeyDictionary()
        self._loading: dict[Digests, asyncio.Task[CompiledRulebook | None]] = {}
        self._turns = asyncio.Semaphore(MOST_LOADING)

    def put(self, switch: Switch, book: CompiledRulebook) -> None:
        """Add a compiled rulebook that is never dropped."""
        self._lasting.add(_digests(switch))
        self._books[_digests(switch)] = book

    def get(self, switch: Switch) -> CompiledRulebook | None:
        """The compiled rulebook, if it is loaded; never waits."""
        return self._books.get(_digests(switch))

    def has(self, switch: Switch) -> bool:
        """Whether it is loaded or can be: its content exists."""
        return _digests(switch) in self._books or _digests(switch) in self._loading

    def need(self, switch: Switch | None) -> CompiledRulebook:
        """The book of an active switch (None: the first).

        Raises `ContentMissingError`, and `BookLoadingError` when it is not built yet.
        """
        wanted = switch or self.first
        book = self.get(wanted)
        if book is None:
            if self.has(wanted):
                raise BookLoadingError(rulebook=wanted.rulebook, region=wanted.region)
            raise ContentMissingError(rulebook=wanted.rulebook, region=wanted.region)
        return book

    def need_for(self, case: Case, switch: Switch) -> CompiledRulebook:
        """The same for a case in flight: the book that it was opened by where this one dropped its category."""
        book = self.need(switch)
        if switch.rulebook == case.rulebook or book.knows(case.category, case.subcategory):
            return book
        first = self.need(switch._replace(rulebook=case.rulebook))
        return first if first.knows(case.category, case.subcategory) else book

    def needs(self, step: object, planned: Iterable[Switch], in_flight: Iterable[Switch] = ()) -> None:
        """Declare that `step` needs these and no others from now on; call it before they are loaded.

        Those in flight decide no new reports. What no step needs is dropped; a step that is garbage needs nothing.
        """
        asked = tuple(planned)
        needs = frozenset(map(_digests, (*asked, *in_flight))), frozenset(switch.rulebook for switch in asked)
        if self._needs.get(step) == needs:
            return
        self._needs[step] = needs
        needed = self._lasting.union(*(books for books, _ in self._needs.values()))
        self._books = {digests: book for digests, book in self._books.items() if digests in needed}
        self._keeper(needed, frozenset[str]().union(*(deciding for _, deciding in self._needs.values())))

    async def load(self, switch: Switch) -> bool:
        """Load it; False when its content is missing."""
        if self.get(switch) is not None:
            return True
        return await asyncio.shield(self._build(switch)) is not None

    async def ahead(self, switch: Switch) -> bool:
        """Start to compile it for a later time, without waiting; False when its content is missing."""
        if not self.has(switch) and await self._finder(switch):
            self._build(switch)
        return self.has(switch)

    def _build(self, switch: Switch) -> asyncio.Task[CompiledRulebook | None]:
        """The one task that compiles it; a failure is forgotten, so that the next caller tries again."""
        digests = _digests(switch)
        if digests not in self._loading:
            task = self._loading[digests] = asyncio.create_task(self._built(switch), name=f"book {switch.rulebook}")
            task.add_done_callback(lambda done: self._ended(digests, done))
        return self._loading[digests]

    async def _built(self, switch: Switch) -> CompiledRulebook | None:
        async with self._turns:
            book = await self._loader(switch)
        if book is not None:
            self._books[_digests(switch)] = replace(book, decides_history=True) if self._decides else book
        return book

    def _ended(self, digests: Digests, done: asyncio.Task[CompiledRulebook | None]) -> None:
        self._loading.pop(digests, None)
        if not done.cancelled() and (failure := done.exception()) is not None:
            log.warning("a rulebook could not be loaded: %r", failure)

    def check_past(self) -> None:
        """Raise unless this system replays history. Raises `NoHistoryError` when `remember` has learnt otherwise."""
        if self._asked and self._decides is None:
            raise NoHistoryError

    async def remember(self) -> None:
        """Learn, once, whether this system is a history that our rules route; called when facts of a source come."""
        if not self._asked:
            self._decides, self._asked = await self._past(), True
            if self._decides:
                self._books = {key: replace(book, decides_history=True) for key, book in self._books.items()}

    async def offer(self, switch: Switch, until_ms: int | None = None) -> bool:
        """Load it, or only start to when it takes effect after `until_ms`; False when its content is missing."""
        later = until_ms is not None and switch.effective_ms > until_ms
        return await (self.ahead(switch) if later else self.load(switch))

    async def plan(self, switch: Switch, until_ms: int | None = None) -> None:
        """The same for one that a partition works by. Raises `ContentMissingError`."""
        if not await self.offer(switch, until_ms):
            raise ContentMissingError(rulebook=switch.rulebook, region=switch.region)


def _digests(switch: Switch) -> Digests:
    return switch.rulebook, switch.region


def cache_of(*books: CompiledRulebook, region: str = "region") -> RulebookCache:
    """A cache of these rulebooks, the first one active; for tests, benches and proofs."""
    cache = RulebookCache(Switch(0, books[0].version, region))
    for book in books:
        cache.put(Switch(0, book.version, region), book)
    return cache
