"""Loads rulebooks for a worker: reads content from `rulebooks`, compiles it, and starts one matcher for each."""

import asyncio
import logging
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Final

from shapely.errors import ShapelyError

from rules.book.compiled_rulebook import CompiledRulebook
from rules.durable.matcher import Alarm, DurableMatcher
from rules.places.region_index import RegionIndex
from schemas.codec import UnreadableError
from schemas.errors import Retry
from schemas.region import Region
from schemas.rulebook import Rulebook
from schemas.system import Mode, System
from streams.rulebooks.cache import Digests, RulebookCache
from streams.rulebooks.schedule import Switch
from streams.rulebooks.topic import ContentChangedError, Records, read_rulebooks, region_in, rulebook_in, system_in

log = logging.getLogger(__name__)


POLITE_S: Final = 0.0005


@contextmanager
def _polite() -> Iterator[None]:
    """Give the interpreter back to the event loop sooner: by default a busy thread holds it for 5 ms each time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(POLITE_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


class ForgottenError(Retry):
    """This content was forgotten while its book was to be built. It is read again."""


class RulebookLoader:
    """Compiles rulebooks for one worker, in a thread; `say` gets what a person should see. Call `close` at the end."""

    def __init__(self, servers: str, prefix: str, say: Callable[[str], None]) -> None:
        self._servers = servers
        self._prefix = prefix
        self._say = say
        self._reading = asyncio.Lock()
        self._regions: dict[str, Region] = {}
        self._lists: dict[str, Rulebook] = {}
        self._places: dict[str, RegionIndex] = {}
        self._rulebooks: dict[str, tuple[Rulebook, DurableMatcher]] = {}
        self._deciding: frozenset[str] = frozenset()

    def cache(self, system: System) -> RulebookCache:
        """A cache that this loader fills."""
        self._deciding = frozenset({system.rulebook})
        return RulebookCache(Switch(0, system.rulebook, system.region), self.book, self.decides, self.has, self.keep)

    async def has(self, switch: Switch) -> bool:
        """Whether `rulebooks` has a rulebook and a region of these hashes, read once for all that ask at the same time.

        Anything else stored under these hashes is ignored: anybody may have written it.
        """
        async with self._reading:
            if not self._knows(switch):
                records = await read_rulebooks(self._servers, prefix=self._prefix)
                await asyncio.to_thread(self._read, records, switch)
            return self._knows(switch)

    async def book(self, switch: Switch) -> CompiledRulebook | None:
        """The book of a switch; None when its content is not in `rulebooks`, or no book can be made of it."""
        if not await self.has(switch):
            return None
        began = time.monotonic()
        try:
            book, matcher = await asyncio.to_thread(self._built, switch)
        except (ArithmeticError, LookupError, TypeError, ValueError, ShapelyError) as error:
            self._say(f"no book can be made of rulebook {switch.rulebook} with region {switch.region}: {error!r}")
            return None
        built = time.monotonic()
        if switch.rulebook in self._deciding:
            await matcher.started()
        took = built - began, time.monotonic() - built
        log.info("rulebook %s is ready: built in %.2f s, its engine in %.2f s", switch.rulebook[:8], *took)
        return book

    async def decides(self) -> bool | None:
        """Whether our rules route in this system, which is a history; None where it is none."""
        system = system_in(await read_rulebooks(self._servers, prefix=self._prefix))
        return system.decide if system is not None and system.mode is Mode.HISTORY else None

    def keep(self, needed: Collection[Digests], deciding: Collection[str]) -> None:
        """Drop content that none of these needs; only the rulebooks in `deciding` have a process."""
        self._deciding = frozenset(deciding)
        known = {*self._regions, *self._lists, *self._places, *self._rulebooks}
        for digest in known.difference(*needed):
            self._regions.pop(digest, None)
            self._lists.pop(digest, None)
            self._places.pop(digest, None)
            if (gone := self._rulebooks.pop(digest, None)) is not None:
                asyncio.get_running_loop().run_in_executor(None, gone[1].close)
        for digest in self._rulebooks.keys() - deciding:
            self._rulebooks[digest][1].rest()

    def close(self) -> None:
        """End the matchers' processes."""
        for _, matcher in self._rulebooks.values():
            matcher.close()

    def _knows(self, switch: Switch) -> bool:
        has_list = switch.rulebook in self._lists or switch.rulebook in self._rulebooks
        return has_list and (switch.region in self._regions or switch.region in self._places)

    def _read(self, records: Records, switch: Switch) -> None:
        """Read all content that can be used. Runs in a thread: a city takes a second."""
        try:
            if switch.region not in self._places and (region := region_in(records, switch.region)):
                self._regions[switch.region] = region
            if switch.rulebook not in self._rulebooks and (rulebook := rulebook_in(records, switch.rulebook)):
                self._lists[switch.rulebook] = rulebook
        except (ContentChangedError, UnreadableError) as error:
            log.warning("what stands in rulebooks cannot be used: %s", error)

    def _built(self, switch: Switch) -> tuple[CompiledRulebook, DurableMatcher]:
        """Compile in a thread of its own: seconds of work for a city. One at a time, see `streams.rulebooks.cache`."""
        with _polite():
            return self._compiled(switch)

    def _compiled(self, switch: Switch) -> tuple[CompiledRulebook, DurableMatcher]:
        places, known = self._places.get(switch.region), self._rulebooks.get(switch.rulebook)
        region, rulebook = self._regions.pop(switch.region, None), self._lists.pop(switch.rulebook, None)
        if (places is None and region is None) or (known is None and rulebook is None):
            raise ForgottenError(rulebook=switch.rulebook, region=switch.region)
        if places is None:
            assert region is not None
            places = self._places[switch.region] = RegionIndex(region)
        if known is None:
            assert rulebook is not None
            known = rulebook, DurableMatcher(rulebook.tables, on_alarm=self._alarm)
            self._rulebooks[switch.rulebook] = known
        rulebook, matcher = known
        return CompiledRulebook(places.region, rulebook, switch.rulebook, places, matcher), matcher

    def _alarm(self, alarm: Alarm) -> None:
        text = f"rules engine {alarm.kind}: {alarm.detail}; the index decides ({alarm.questions} questions)"
        log.warning("%s", text)
        self._say(text)
