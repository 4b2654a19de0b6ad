"""Books are built once, by whoever asks first, and nobody waits for a book of a later time."""

import asyncio
import gc
from collections.abc import Callable, Collection

import pytest

from rules.book.compiled_rulebook import Book
from schemas.codec import encode
from schemas.command import Activate
from schemas.report import Activation
from schemas.topics import EVERYWHERE
from streams.cases.step import CasesStep
from streams.locate.step import LocateStep
from streams.partition.contract import Record
from streams.rulebooks.cache import BookLoadingError, ContentMissingError, Shelf
from streams.rulebooks.schedule import Switch
from tests.unit.streams.sample import book

BOOK, SECOND = book(), book("second")
FIRST = Switch(0, BOOK.version, "region")
NEXT = Switch(1_000, SECOND.version, "region")


class Slow:
    """A place where content is, whose books are built when `built` is set; `fails` so many times before."""

    def __init__(self, fails: int = 0) -> None:
        self.built = asyncio.Event()
        self.asked = 0
        self.fails = fails

    async def book(self, switch: Switch) -> Book | None:
        self.asked += 1
        if self.fails >= self.asked:
            raise OSError("Kafka is away")
        await self.built.wait()
        return SECOND

    async def has(self, switch: Switch) -> bool:
        return switch.rulebook == SECOND.version

    def shelf(self) -> Shelf:
        shelf = Shelf(FIRST, self.book, finder=self.has)
        shelf.put(FIRST, BOOK)
        return shelf


async def test_nobody_waits_for_a_book_of_a_later_time() -> None:
    slow = Slow()
    shelf = slow.shelf()
    await asyncio.wait_for(shelf.plan(NEXT, until_ms=999), 1)
    assert shelf.has(NEXT)
    with pytest.raises(BookLoadingError):
        shelf.need(NEXT)
    due = asyncio.create_task(shelf.plan(NEXT, until_ms=1_000))
    done, _ = await asyncio.wait({due}, timeout=0.05)
    assert not done, "from its time on it is needed"
    slow.built.set()
    await due
    assert (shelf.need(NEXT), slow.asked) == (SECOND, 1)


async def test_who_gives_up_waiting_takes_the_book_from_nobody() -> None:
    """A partition that is taken away while it waits: the others go on waiting for the same book."""
    slow = Slow()
    shelf = slow.shelf()
    first, second = (asyncio.create_task(shelf.load(NEXT)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    slow.built.set()
    assert await second
    assert slow.asked == 1


async def test_content_that_is_nowhere_is_not_awaited() -> None:
    unknown = NEXT._replace(rulebook="?")
    shelf = Slow().shelf()
    assert not await shelf.ahead(unknown)
    with pytest.raises(ContentMissingError):
        await shelf.plan(unknown, until_ms=0)
    with pytest.raises(ContentMissingError):
        shelf.need(unknown)


async def test_a_book_that_could_not_be_built_is_tried_again() -> None:
    slow = Slow(fails=1)
    slow.built.set()
    shelf = slow.shelf()
    with pytest.raises(OSError, match="away"):
        await shelf.load(NEXT)
    assert await shelf.load(NEXT)


async def test_cases_in_flight_have_their_rulebook_with_another_region() -> None:
    """The region in force counts for everybody: their own rulebook is built together with it, in the same batch."""
    built: list[tuple[str, str]] = []

    async def build(switch: Switch) -> Book:
        built.append((switch.rulebook, switch.region))
        return SECOND if switch.rulebook == SECOND.version else BOOK

    async def has(switch: Switch) -> bool:
        return True

    shelf = Shelf(FIRST, build, finder=has)
    shelf.put(FIRST, BOOK)
    step = CasesStep(0, 1, shelf)
    now, later = (
        Activate(id=str(ms), home=EVERYWHERE, rulebook=SECOND.version, region="moved", by="chief", effective_ms=ms)
        for ms in (5, 50)
    )
    await step.prepare([Record(0, 9, b"*", encode(now))])
    assert set(built) == {(SECOND.version, "moved"), (BOOK.version, "moved")}
    built.clear()
    await step.prepare([Record(1, 9, b"*", encode(later.model_copy(update={"region": "third"})))])
    assert not built, "nobody waits for a later one"


class Endless:
    """A place that has every content, and says of which books it keeps something."""

    def __init__(self) -> None:
        self.built: list[str] = []
        self.kept: set[str] = {FIRST.rulebook}
        self.deciding: set[str] = set()

    async def book(self, switch: Switch) -> Book:
        self.built.append(switch.rulebook)
        return BOOK

    async def has(self, switch: Switch) -> bool:
        return True

    def keep(self, needed: Collection[tuple[str, str]], deciding: Collection[str]) -> None:
        self.kept, self.deciding = {rulebook for rulebook, _ in needed}, set(deciding)

    def shelf(self) -> Shelf:
        return Shelf(FIRST, self.book, finder=self.has, keeper=self.keep)


def _told(cases: bool, rulebook: str, effective_ms: int) -> Activate | Activation:
    command = Activate(
        id=rulebook, home=EVERYWHERE, rulebook=rulebook, region="region", by="chief", effective_ms=effective_ms
    )
    place = Activation(id=rulebook, rulebook=rulebook, region="region", effective_ms=effective_ms)
    return command if cases else place


@pytest.mark.parametrize("kind", [CasesStep, LocateStep])
async def test_rulebooks_of_long_ago_are_not_kept(kind: Callable[[int, int, Shelf], CasesStep | LocateStep]) -> None:
    """Each has a process of its own: a list that is changed every day would fill the machine within a season."""
    place = Endless()
    shelf = place.shelf()
    steps = [kind(number, 1, shelf) for number in range(2)]
    for day in range(1, 30):
        told = encode(_told(kind is CasesStep, f"rulebook-{day}", day * 10))
        for step in steps:
            record = Record(day, day * 10, b"*", told)
            await step.prepare([record])
            step.apply(record, day * 10)
        assert f"rulebook-{day}" in place.kept
        assert len(place.kept) <= 4, "the first, the one before, this one"
    assert all(shelf.get(NEXT._replace(rulebook=f"rulebook-{day}")) is None for day in range(1, 25))
    assert len(place.built) == 30, "each was built once, for both"


async def test_a_book_stays_as_long_as_one_step_needs_it() -> None:
    place = Endless()
    shelf = place.shelf()
    first, second = CasesStep(0, 1, shelf), CasesStep(1, 1, shelf)
    shelf.needs(first, [FIRST, NEXT])
    shelf.needs(second, [FIRST, NEXT])
    await shelf.load(NEXT)
    shelf.needs(first, [FIRST])
    assert shelf.need(NEXT) is BOOK
    del second
    gc.collect()
    shelf.needs(first, [])
    assert not shelf.has(NEXT), "a step that was thrown away needs nothing"
    assert place.kept == {FIRST.rulebook}


async def test_books_of_cases_in_flight_are_kept_but_decide_nothing_new() -> None:
    """So their engines rest: a street that approves a change a day has cases of twenty rulebooks."""
    place = Endless()
    shelf = place.shelf()
    first, second = CasesStep(0, 1, shelf), CasesStep(1, 1, shelf)
    old = NEXT._replace(rulebook="old")
    shelf.needs(first, [FIRST, NEXT], [old])
    assert (place.kept, place.deciding) == ({FIRST.rulebook, NEXT.rulebook, "old"}, {FIRST.rulebook, NEXT.rulebook})
    shelf.needs(second, [old])
    assert "old" in place.deciding
