"""Where a worker's books come from: content in `rulebooks`, compiled, with one matcher for each rulebook."""

import logging
from collections.abc import Callable

from rules.book import Book
from rules.durable import Alarm, DurableMatcher
from rules.places import RegionIndex
from schemas.region import Region
from schemas.rulebook import Rulebook
from schemas.system import Mode, System
from streams.rulebooks import Records, read_rulebooks, region_in, rulebook_in, system_in
from streams.shelf import Shelf
from streams.totals import Switch

log = logging.getLogger(__name__)


class Library:
    """Builds books for one worker; `say` is told what a person should see. Call `close` at the end."""

    def __init__(self, servers: str, prefix: str, say: Callable[[str], None]) -> None:
        self._servers = servers
        self._prefix = prefix
        self._say = say
        self._places: dict[str, RegionIndex] = {}
        self._matchers: dict[str, DurableMatcher] = {}

    def shelf(self, system: System) -> Shelf:
        """A shelf that fills itself from here."""
        return Shelf(Switch(0, system.rulebook, system.region), self.book, self.decides)

    async def book(self, switch: Switch) -> Book | None:
        """The book of a switch; None when its content is not in `rulebooks`."""
        records = await read_rulebooks(self._servers, prefix=self._prefix)
        rulebook = rulebook_in(records, switch.rulebook)
        places = self._region(records, switch.region)
        if rulebook is None or places is None:
            return None
        return Book(places.region, rulebook, switch.rulebook, places, await self._matcher(switch.rulebook, rulebook))

    async def decides(self) -> bool:
        """Whether the system is a history in which our rules route."""
        system = system_in(await read_rulebooks(self._servers, prefix=self._prefix))
        return system is not None and system.mode is Mode.HISTORY and system.decide

    def close(self) -> None:
        """End the matchers' processes."""
        for matcher in self._matchers.values():
            matcher.close()

    def _region(self, records: Records, digest: str) -> RegionIndex | None:
        if digest not in self._places:
            region: Region | None = region_in(records, digest)
            if region is None:
                return None
            self._places[digest] = RegionIndex(region)
        return self._places[digest]

    async def _matcher(self, digest: str, rulebook: Rulebook) -> DurableMatcher:
        if digest not in self._matchers:
            matcher = DurableMatcher(rulebook.tables, on_alarm=self._alarm)
            self._matchers[digest] = matcher
            await matcher.started()
        return self._matchers[digest]

    def _alarm(self, alarm: Alarm) -> None:
        text = f"rules engine {alarm.kind}: {alarm.detail}; the index decides ({alarm.questions} questions)"
        log.warning("%s", text)
        self._say(text)
