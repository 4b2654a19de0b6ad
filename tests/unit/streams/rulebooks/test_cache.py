"""Books are built once, by whoever asks first, and nobody waits for a book of a later time."""

import asyncio
import gc
from collections.abc import Callable, Collection

import pytest

from rules.book.compiled_rulebook import CompiledRulebook
from schemas.codec import encode
from schemas.command import Activate
from schemas.report import Activation
from schemas.topics import EVERYWHERE
from streams.cases.step import CasesStep
from streams.locate.step import LocateStep
from streams.partition.contract import ConsumedRecord
from streams.rulebooks.cache import BookLoadingError, ContentMissingError, RulebookCache
from streams.rulebooks.schedule import Switch
from tests.worlds.commanded_street import book

BOOK, SECOND = book(), book("second")
FIRST = Switch(0, BOOK.version, "region")
NEXT = Switch(1_000, SECOND.version, "region")


class Slow:
    """A place where content is, whose books are built when `built` is set; `fails` so many times before."""

    def __init__(self, fails: int = 0) -> None:
        self.built = asyncio.Event()
        self.asked = 0
        self.fails = fails

    async def book(self, switch: Switch) -> CompiledRulebook | None:
        self.asked += 1
        if self.fails >= self.asked:
            raise OSError("Kafka is away")
        await self.built.wait()
        return SECOND

    async def has(self, switch: Switch) -> bool:
        return switch.rulebook == SECOND.version

    def cache(self) -> RulebookCache:
        cache = RulebookCache(FIRST, self.book, finder=self.has)
        cache.put(FIRST, BOOK)
        return cache


async def test_nobody_waits_for_a_book_of_a_later_time() -> None:
    slow = Slow()
    cache = slow.cache()
    await asyncio.wait_for(cache.plan(NEXT, until_ms=999), 1)
    assert cache.has(NEXT)
    with pytest.raises(BookLoadingError):
        cache.need(NEXT)
    due = asyncio.create_task(cache.plan(NEXT, until_ms=1_000))
    done, _ = await asyncio.wait({due}, timeout=0.05)
    assert not done, "from its time on it is needed"
    slow.built.set()
    await due
    assert (cache.need(NEXT), slow.asked) == (SECOND, 1)


async def test_who_gives_up_waiting_takes_the_book_from_nobody() -> None:
    """A partition that is taken away while it waits: the others go on waiting for the same book."""
    slow = Slow()
    cache = slow.cache()
    first, second = (asyncio.create_task(cache.load(NEXT)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    slow.built.set()
    assert await second
    assert slow.asked == 1


async def test_content_that_is_nowhere_is_not_awaited() -> None:
    unknown = NEXT._replace(rulebook="?")
    cache = Slow().cache()
    assert not await cache.ahead(unknown)
    with pytest.raises(ContentMissingError):
        await cache.plan(unknown, until_ms=0)
    with pytest.raises(ContentMissingError):
        cache.need(unknown)


async def test_a_book_that_could_not_be_built_is_tried_again() -> None:
    slow = Slow(fails=1)
    slow.built.set()
    cache = slow.cache()
    with pytest.raises(OSError, match="away"):
        await cache.load(NEXT)
    assert await cache.load(NEXT)


async def test_cases_in_flight_have_their_rulebook_with_another_region() -> None:
    """The region in force counts for everybody: their own rulebook is built together with it, in the same batch."""
    built: list[tuple[str, str]] = []

    async def build(switch: Switch) -> CompiledRulebook:
        built.append((switch.rulebook, switch.region))
        return SECOND if switch.rulebook == SECOND.version else BOOK

    async def has(switch: Switch) -> bool:
        return True

    cache = RulebookCache(FIRST, build, finder=has)
    cache.put(FIRST, BOOK)
    step = CasesStep(0, 1, cache)
    now, later = (
        Activate(id=str(ms), home=EVERYWHERE, rulebook=SECOND.version, region="moved", by="chief", effective_ms=ms)
        for ms in (5, 50)
    )
    await step.prepare([ConsumedRecord(0, 9, b"*", encode(now))])
    assert set(built) == {(SECOND.version, "moved"), (BOOK.version, "moved")}
    built.clear()
    await step.prepare([ConsumedRecord(1, 9, b"*", encode(later.model_copy(update={"region": "third"})))])
    assert not built, "nobody waits for a later one"


class Endless:
    """A place that has every content, and says of which books it keeps something."""

    def __init__(self) -> None:
        self.built: list[str] = []
        self.kept: set[str] = {FIRST.rulebook}
        self.deciding: set[str] = set()

    async def book(self, switch: Switch) -> CompiledRulebook:
        self.built.append(switch.rulebook)
        return BOOK

    async def has(self, switch: Switch) -> bool:
        return True

    def keep(self, needed: Collection[tuple[str, str]], deciding: Collection[str]) -> None:
        self.kept, self.deciding = {rulebook for rulebook, _ in needed}, set(deciding)

    def cache(self) -> RulebookCache:
        return RulebookCache(FIRST, self.book, finder=self.has, keeper=self.keep)


def _told(cases: bool, rulebook: str, effective_ms: int) -> Activate | Activation:
    command = Activate(
        id=rulebook, home=EVERYWHERE, rulebook=rulebook, region="region", by="chief", effective_ms=effective_ms
    )
    place = Activation(id=rulebook, rulebook=rulebook, region="region", effective_ms=effective_ms)
    return command if cases else place


@pytest.mark.parametrize("kind", [CasesStep, LocateStep])
async def test_rulebooks_of_long_ago_are_not_kept(
    kind: Callable[[int, int, RulebookCache], CasesStep | LocateStep],
) -> None:
    """Each has a process of its own: a list that is changed every day would fill the machine within a season."""
    place = Endless()
    cache = place.cache()
    steps = [kind(number, 1, cache) for number in range(2)]
    for day in range(1, 30):
        told = encode(_told(kind is CasesStep, f"rulebook-{day}", day * 10))
        for step in steps:
            record = ConsumedRecord(day, day * 10, b"*", told)
            await step.prepare([record])
            step.apply(record, day * 10)
        assert f"rulebook-{day}" in place.kept
        assert len(place.kept) <= 4, "the first, the one before, this one"
    assert all(cache.get(NEXT._replace(rulebook=f"rulebook-{day}")) is None for day in range(1, 25))
    assert len(place.built) == 30, "each was built once, for both"


async def test_a_book_stays_as_long_as_one_step_needs_it() -> None:
    place = Endless()
    cache = place.cache()
    first, second = CasesStep(0, 1, cache), CasesStep(1, 1, cache)
    cache.needs(first, [FIRST, NEXT])
    cache.needs(second, [FIRST, NEXT])
    await cache.load(NEXT)
    cache.needs(first, [FIRST])
    assert cache.need(NEXT) is BOOK
    del second
    gc.collect()
    cache.needs(first, [])
    assert not cache.has(NEXT), "a step that was thrown away needs nothing"
    assert place.kept == {FIRST.rulebook}


async def test_books_of_cases_in_flight_are_kept_but_decide_nothing_new() -> None:
    """So their engines rest: a street that approves a change a day has cases of twenty rulebooks."""
    place = Endless()
    cache = place.cache()
    first, second = CasesStep(0, 1, cache), CasesStep(1, 1, cache)
    old = NEXT._replace(rulebook="old")
    cache.needs(first, [FIRST, NEXT], [old])
    assert (place.kept, place.deciding) == ({FIRST.rulebook, NEXT.rulebook, "old"}, {FIRST.rulebook, NEXT.rulebook})
    cache.needs(second, [old])
    assert "old" in place.deciding
