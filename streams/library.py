"""Where a worker's books come from: content in `rulebooks`, compiled, with one matcher for each rulebook."""

import asyncio
import logging
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Final

from rules.book import Book
from rules.durable import Alarm, DurableMatcher
from rules.places import RegionIndex
from schemas.region import Region
from schemas.rulebook import Rulebook
from schemas.system import Mode, System
from streams.rulebooks import content_of, read_rulebooks, system_in, text_in
from streams.shelf import Digests, Shelf
from streams.totals import Switch

log = logging.getLogger(__name__)


POLITE_S: Final = 0.0005


@contextmanager
def _polite() -> Iterator[None]:
    """Let the event loop have the interpreter back at once: by default a busy thread keeps it for 5 ms each time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(POLITE_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


class Library:
    """Builds books for one worker, in a thread; `say` is told what a person should see. Call `close` at the end."""

    def __init__(self, servers: str, prefix: str, say: Callable[[str], None]) -> None:
        self._servers = servers
        self._prefix = prefix
        self._say = say
        self._reading = asyncio.Lock()
        self._texts: dict[str, str] = {}
        self._places: dict[str, RegionIndex] = {}
        self._rulebooks: dict[str, tuple[Rulebook, DurableMatcher]] = {}
        self._deciding: frozenset[str] = frozenset()

    def shelf(self, system: System) -> Shelf:
        """A shelf that fills itself from here."""
        self._deciding = frozenset({system.rulebook})
        return Shelf(Switch(0, system.rulebook, system.region), self.book, self.decides, self.has, self.keep)

    async def has(self, switch: Switch) -> bool:
        """Whether the content of a switch is in `rulebooks`, read once for all that ask at the same time."""
        async with self._reading:
            missing = {switch.rulebook, switch.region} - self._known()
            if missing:
                records = await read_rulebooks(self._servers, prefix=self._prefix)
                texts = {digest: text_in(records, digest) for digest in missing}
                self._texts |= {digest: text for digest, text in texts.items() if text is not None}
            return missing <= self._known()

    async def book(self, switch: Switch) -> Book | None:
        """The book of a switch; None when its content is not in `rulebooks`."""
        if not await self.has(switch):
            return None
        began = time.monotonic()
        book, matcher = await asyncio.to_thread(self._built, switch)
        built = time.monotonic()
        if switch.rulebook in self._deciding:
            await matcher.started()
        took = built - began, time.monotonic() - built
        log.info("rulebook %s is ready: built in %.2f s, its engine in %.2f s", switch.rulebook[:8], *took)
        return book

    async def decides(self) -> bool:
        """Whether the system is a history in which our rules route."""
        system = system_in(await read_rulebooks(self._servers, prefix=self._prefix))
        return system is not None and system.mode is Mode.HISTORY and system.decide

    def keep(self, needed: Collection[Digests], deciding: Collection[str]) -> None:
        """Forget all that none of these books is made of; only the rulebooks that decide have a process meanwhile."""
        self._deciding = frozenset(deciding)
        for digest in self._known().difference(*needed):
            self._texts.pop(digest, None)
            self._places.pop(digest, None)
            if (gone := self._rulebooks.pop(digest, None)) is not None:
                asyncio.get_running_loop().run_in_executor(None, gone[1].close)
        for digest in self._rulebooks.keys() - deciding:
            self._rulebooks[digest][1].rest()

    def close(self) -> None:
        """End the matchers' processes."""
        for _, matcher in self._rulebooks.values():
            matcher.close()

    def _known(self) -> set[str]:
        return {*self._texts, *self._places, *self._rulebooks}

    def _built(self, switch: Switch) -> tuple[Book, DurableMatcher]:
        """In a thread of its own: seconds of work for a whole city. One at a time, see `streams.shelf`."""
        with _polite():
            return self._compiled(switch)

    def _compiled(self, switch: Switch) -> tuple[Book, DurableMatcher]:
        places, known = self._places.get(switch.region), self._rulebooks.get(switch.rulebook)
        if places is None:
            places = RegionIndex(content_of(Region, self._texts[switch.region], switch.region))
            self._places[switch.region] = places
        if known is None:
            rulebook = content_of(Rulebook, self._texts[switch.rulebook], switch.rulebook)
            known = rulebook, DurableMatcher(rulebook.tables, on_alarm=self._alarm)
            self._rulebooks[switch.rulebook] = known
        for digest in (switch.region, switch.rulebook):
            self._texts.pop(digest, None)
        rulebook, matcher = known
        return Book(places.region, rulebook, switch.rulebook, places, matcher), matcher

    def _alarm(self, alarm: Alarm) -> None:
        text = f"rules engine {alarm.kind}: {alarm.detail}; the index decides ({alarm.questions} questions)"
        log.warning("%s", text)
        self._say(text)
