"""A whole town in one process for tests of pages: the real gateway and ledger file, real decisions, no Kafka.

What the gateway writes into its outbox is decided by the rules and folded into the ledger, as workers and the ledger
process do; `clock` moves only when a test moves it, or with the machine's time when `run` is told so.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.test_utils import TestServer

from connectors.accounts.store import Accounts
from connectors.contacts.book import ContactBook
from connectors.doors.contract import Hook
from connectors.doors.http.app import Pages
from connectors.doors.http.context import GATEWAY
from connectors.doors.http.live_stream import LIMITS, StreamLimits
from connectors.intake.background import background
from connectors.intake.context import Gateway
from connectors.intake.recordings.store import RecordingStore
from connectors.ledger.queries.cases import Ledger
from connectors.outbox.store import Outbox, OutboxFile, Stored
from connectors.pages.app import DEFAULT, add_blurring, add_pages
from connectors.pages.form.options import FormOptions
from connectors.pages.lists.routes import add_lists
from connectors.photos.store import PhotoStore
from grid36.files.region.commands import load_region
from grid36.files.rulebook import load_rulebook
from grid36.gateway.blurring import Blurring
from grid36.gateway.lists import gateway_lists
from grid36.lists.check_process import ListChecks
from grid36.lists.desk import GatewayListDesk
from grid36.settings import Settings
from rules.book.compiled_rulebook import CompiledRulebook, book_of
from rules.decision.draft import Decision
from rules.places.outcome import place_or_trouble
from schemas import topics
from schemas.command import COMMAND, AnyCommand, Open, Supply, Trouble
from schemas.event import EVENT, Event
from schemas.names import Language
from schemas.order import Written
from schemas.place import PlaceFound, PlaceGiven
from schemas.region import Region
from schemas.report import INCOMING, Report, Supplement
from schemas.rulebook import Rulebook
from schemas.system import Mode, System
from schemas.topics import home
from streams.cases.event_writer import event_value
from tests.worlds.doors import LedgerFile, http_app
from tests.worlds.list_checks import check_here
from tests.worlds.street import Street

EXAMPLE = Path(__file__).parents[2] / "regions" / "example"
MORNING = 1_795_044_060_000
"""Thursday 2026-11-19, 7:21 in Shanghai."""


@dataclass
class Clock:
    """The time of the town in ms; it stands still unless it runs with the machine's."""

    now_ms: int = MORNING
    runs: bool = False
    _started: float = field(default_factory=time.monotonic)

    def __call__(self) -> int:
        """The present moment."""
        return self.now_ms + (round((time.monotonic() - self._started) * 1000) if self.runs else 0)

    def wait(self, minutes: float) -> None:
        """Let time pass."""
        self.now_ms += round(minutes * 60_000)


class TownStreet(Street):
    """A street that also keeps what was written until it is taken to the ledger."""

    def __init__(self, book: CompiledRulebook) -> None:
        super().__init__(book)
        self.fresh: list[Written] = []

    def _take(self, decision: Decision) -> None:
        super()._take(decision)
        self.fresh.extend(decision.written)


@dataclass
class Town:
    """A running town: `url` for browsers, `street` for what was decided, `clock` to move time."""

    url: str
    app: web.Application
    street: TownStreet
    clock: Clock
    folder: Path
    _ledger: LedgerFile
    _outbox: OutboxFile
    _reports: dict[str, Report] = field(default_factory=dict)
    _seen: int = 0
    _told: int = 0

    @property
    def gateway(self) -> Gateway:
        """What the gateway's handlers know."""
        return self.app[GATEWAY]

    @property
    def reports(self) -> list[Report]:
        """What was reported through the doors and taken, in order."""
        return list(self._reports.values())

    def rebuild(self, epoch: str) -> None:
        """A new ledger file with the same content takes the place of the old one."""
        self._ledger.close()
        self._ledger = new_ledger(self.folder, epoch)
        written = [text for number in self.street.cases for text in self.street.written(number)]
        self.street.fresh[:0], self._told = written, 0
        self.tell()

    def close(self) -> None:
        """Close the files."""
        self._outbox.close()
        self._ledger.close()

    def step(self) -> int:
        """Decide what waits in the outbox and what has fallen due; how many rows there were."""
        rows = self._outbox.pending(self._seen, 1000)
        for row in rows:
            self._seen = row.seq
            command = self._command(row)
            if command is not None:
                self.take(command)
        self.street.wait_until(self.clock())
        self.tell()
        return len(rows)

    def take(self, command: AnyCommand) -> None:
        """Decide one command and what follows from it in other homes."""
        before = len(self.street.effects)
        self.street.apply(command, max(self.clock(), self.street.t_ms))
        self.tell()
        for effect in self.street.effects[before:]:
            self.take(effect)

    def report(self, report: Report) -> str:
        """A report straight into the street, not through a door; its case."""
        self.take(self._open(report))
        return next(case.number for case in reversed(self.street.cases.values()) if case.report == report.id)

    def tell(self) -> None:
        """Into the ledger with what was decided."""
        fresh = self.street.drafts[self._told :]
        events: list[Event] = []
        for n, draft in enumerate(fresh, self._told):
            events.append(EVENT.validate_json(event_value(draft, n, "")))
        for written in self.street.fresh:
            self._ledger.write(written)
        self.street.fresh.clear()
        if events:
            self._ledger.take(*events)
        self._told += len(fresh)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            self.step()
            await asyncio.sleep(0.05)

    def _command(self, row: Stored) -> AnyCommand | None:
        if row.row.value.startswith(b'{"type":"settle"'):
            return None  # nothing is parked here but what a test says
        if row.row.topic == topics.COMMANDS:
            return COMMAND.validate_json(row.row.value)
        if row.row.topic != topics.REPORTS:
            return None
        came = INCOMING.validate_json(row.row.value)
        if isinstance(came, Report):
            return self._open(came)
        if not isinstance(came, Supplement):
            return None
        place, trouble = self._locate(came.place)
        report = self._reports[came.report]
        case = next(case for case in self.street.cases.values() if case.report == report.id)
        return Supply(
            id=came.id, home=case.home, report=came.report, by=came.reporter.id, text=came.text, photos=came.photos,
            recordings=came.recordings, place=place, trouble=trouble,
            address=came.place.address if place is None else None, platform=came.platform,
        )  # fmt: skip

    def _open(self, report: Report) -> Open:
        self._reports[report.id] = report
        place, trouble = self._locate(report.place, report.text)
        where = home(self.gateway.region.code, place.grid if place else None)
        return Open(id=report.id, home=where, report=report, place=place, trouble=trouble)

    def _locate(self, given: PlaceGiven, text: str = "") -> tuple[PlaceFound | None, Trouble | None]:
        return place_or_trouble(self.street.book.places.locate(given, text))


@cache
def example_street() -> CompiledRulebook:
    """The example street with its rulebook, read once for all tests of a process."""
    return book_of(load_region(EXAMPLE), load_rulebook(EXAMPLE))


def new_ledger(folder: Path, epoch: str) -> LedgerFile:
    """An empty ledger under the name that everybody reads: a link, as the ledger process makes it."""
    file, link = folder / f"ledger.{epoch}.sqlite", folder / "ledger.next"
    ledger = LedgerFile(file, epoch)
    link.symlink_to(file)
    link.replace(folder / "ledger.sqlite")
    return ledger


@asynccontextmanager
async def small_town(
    folder: Path,
    *,
    region: Region | None = None,
    rulebook: Rulebook | None = None,
    mode: Mode = Mode.LIVE,
    runs: bool = False,
    language: Language = Language.ZH,
    stream: StreamLimits = LIMITS,
    demo: bool = True,
    more: Sequence[Pages] = (),
    hooks: Mapping[str, Hook] = MappingProxyType({}),
    options: FormOptions = DEFAULT,
    servers: str = "127.0.0.1:1",
    prefix: str = "",
) -> AsyncIterator[Town]:
    """A running town under `folder`, the example street unless told.

    With `runs` its time goes on by itself; with `demo` browsers may be anybody, without it they sign in.
    `more` adds pages, `hooks` what doors answer. Lists come into force on the Kafka `servers`, if there is one.
    """
    example = example_street()
    book = book_of(region or example.region, rulebook or example.rulebook) if region or rulebook else example
    region, rulebook = book.region, book.rulebook
    clock = Clock(runs=runs)
    ledger = new_ledger(folder, "e1")
    gateway = Gateway(
        outbox=Outbox(folder / "outbox.sqlite"),
        ledger=Ledger(folder / "ledger.sqlite"),
        photos=PhotoStore(folder / "photos", ZoneInfo(region.zone)),
        recordings=RecordingStore(folder / "recordings"),
        contacts=ContactBook(folder / "contacts.sqlite"),
        accounts=Accounts(folder / "accounts.sqlite"),
        demo=demo,
        region=region,
        rulebook=rulebook,
        system=System(partitions=4, mode=mode, region="r", rulebook="b"),
        language=language,
        clock=clock,
    )
    blur = Blurring(gateway.photos, folder / "doors")
    pages: list[Pages] = [partial(add_pages, options=options), partial(add_blurring, work=blur), *more]
    settings = Settings(home=folder, topic_prefix=prefix)
    desk = GatewayListDesk(gateway, settings, servers, ListChecks(folder / "list-checks", run=check_here))
    pages.append(partial(add_lists, lists=gateway_lists(settings, desk, gateway)))
    app = http_app(gateway, pages=pages, hooks=hooks, stream=stream)
    outbox = OutboxFile(folder / "outbox.sqlite")
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    street = TownStreet(book)
    street.t_ms = clock()
    town = Town(str(server.make_url("")).rstrip("/"), app, street, clock, folder, ledger, outbox)
    task = asyncio.create_task(town.run())
    try:
        async with background(gateway):
            yield town
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await server.close()
        town.close()
