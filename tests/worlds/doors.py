"""What tests of the doors share: a small region and rulebook, pictures, a gateway on a real port, a ledger."""

import io
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from PIL import Image
from pydantic_core import from_json

from connectors.accounts.store import Accounts
from connectors.contacts.book import ContactBook
from connectors.doors.contract import Hook
from connectors.doors.http.app import Pages, create_app
from connectors.doors.http.door import HttpDoor
from connectors.doors.http.live_stream import LIMITS, StreamLimits
from connectors.intake.accept import accept
from connectors.intake.background import background
from connectors.intake.context import Gateway
from connectors.intake.recordings.store import RecordingStore
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.write.store import Store, TextRecord
from connectors.outbox.relay import Relay
from connectors.outbox.store import Outbox, OutboxFile, Stored
from connectors.photos.files import PhotoFiles
from connectors.photos.store import PhotoStore
from connectors.subscriptions.store import SubscriptionStore
from schemas.case import State
from schemas.codec import encode
from schemas.event import Because, Event, EventType
from schemas.names import Language, Name
from schemas.order import Written
from schemas.people import Person, Role
from schemas.region import Box, Grid, Region
from schemas.rulebook import Category, Rulebook
from schemas.system import Mode, System
from schemas.table import Input, Table
from streams.kafka.event_log import Logged, Position

PARTITIONS = 4
T0 = 1_763_800_000_000
CASE = "T-G01-2511-00001"
BECAUSE = Because(code="row", zh="按清单第一行", en="row one of the list")
Client = TestClient[Request, Application]


def region() -> Region:
    """One square grid with a patroller, in a zone eight hours ahead of UTC."""
    ring = ((118.0, 24.0), (118.1, 24.0), (118.1, 24.1), (118.0, 24.1), (118.0, 24.0))
    return Region(
        code="T",
        name=Name.same("Testville"),
        zone="Asia/Shanghai",
        box=Box(west=117, south=23, east=119, north=25),
        grids=(Grid(id="G01", name=Name.same("One"), polygons=((ring,),)),),
        persons=(
            Person(id="p1", name=Name.same("P1"), roles=(Role.PATROLLER,), team="t1", language=Language.EN),
            Person(id="boss", name=Name.same("Boss"), roles=(Role.STREET_CHIEF,)),
        ),
        fallback_owner="boss",
        fallback_department="office",
    )


def rulebook() -> Rulebook:
    """Two categories and no rows."""
    return Rulebook(
        name="test",
        default_category="other",
        categories=(
            Category(id="other", name=Name(zh="其他", en="Other")),
            Category(id="litter", name=Name(zh="垃圾", en="Litter")),
        ),
        routing=Table(name="routing", hit_policy="F", inputs=(Input(name="category", kind="text"),)),
    )


def system(mode: Mode = Mode.LIVE) -> System:
    """Four partitions."""
    return System(partitions=PARTITIONS, mode=mode, region="r", rulebook="b")


def picture(width: int = 60, height: int = 40, kind: str = "JPEG", **save: Any) -> bytes:
    """A small picture with a red left half."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste((255, 0, 0), (0, 0, width // 2, height))
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def event(n: int, type: EventType, case: str = CASE, by: str = "system", **more: Any) -> Event:
    """The event `n` of partition 0; its digest chain is not looked at by the store."""
    home = case.rsplit("-", 2)[0]
    told: dict[str, Any] = {"command": f"c{n}", "because": BECAUSE} | more
    return Event(n=n, prev="", t_ms=T0 + n, type=type, home=home, grid="G01", case=case, by=by, **told)


def opened(n: int = 0, case: str = CASE, report: str = "r1", reporter: str = "p1") -> Event:
    """A case was opened for a report."""
    now = {
        "number": case, "home": case.rsplit("-", 2)[0], "report": report, "state": State.SUBMITTED.value,
        "reporter": reporter, "submitted_ms": T0 + n, "category": "litter",
    }  # fmt: skip
    return event(n, EventType.OPENED, case, "p1", now=now, command=report)


class LedgerFile:
    """A ledger file written as the ledger process writes it."""

    def __init__(self, file: Path, epoch: str = "e1") -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._store = Store.create(file, epoch)
        self._n = 0

    def take(self, *events: Event) -> None:
        """Fold events."""
        raws = [encode(e) for e in events]
        batch = [Logged(0, self._n + i, from_json(raw), raw, ()) for i, raw in enumerate(raws)]
        self._n += len(batch)
        self._store.take_events(batch, {0: Position(self._n, self._n, "")})

    def write(self, written: Written) -> None:
        """Store what somebody wrote."""
        self._store.take_texts([TextRecord(written.id, encode(written))], {})

    def close(self) -> None:
        """Close the file."""
        self._store.close()


@dataclass
class Doors:
    """A gateway on a real port, and its stores."""

    client: Client
    app: Application
    gateway: Gateway
    home: Path
    ledger: LedgerFile

    def stored(self) -> list[Stored]:
        """What is in the outbox file, seen by another reader of it."""
        file = OutboxFile(self.home / "outbox.sqlite")
        try:
            return file.pending(0, 10_000)
        finally:
            file.close()


def http_app(
    gateway: Gateway,
    *,
    pages: Iterable[Pages] = (),
    hooks: Mapping[str, Hook] = MappingProxyType({}),
    stream: StreamLimits = LIMITS,
) -> Application:
    """The application of the HTTP door."""
    return create_app(gateway, partial(accept, gateway, HttpDoor.log_names), pages=pages, hooks=hooks, stream=stream)


@asynccontextmanager
async def doors(
    home: Path,
    *,
    mode: Mode = Mode.LIVE,
    servers: str | None = None,
    prefix: str = "",
    pages: Iterable[Pages] = (),
    hooks: Mapping[str, Hook] = MappingProxyType({}),
    duties: Path | None = None,
    stream: StreamLimits = LIMITS,
    photos: PhotoFiles | None = None,
) -> AsyncIterator[Doors]:
    """A running gateway with its stores under `home`; with a relay where `servers` are given."""
    ledger = LedgerFile(home / "ledger.sqlite")
    outbox = Outbox(home / "outbox.sqlite")
    gateway = Gateway(
        outbox=outbox,
        ledger=Ledger(home / "ledger.sqlite"),
        photos=PhotoStore(photos or home / "photos", ZoneInfo("Asia/Shanghai")),
        recordings=RecordingStore(home / "recordings"),
        contacts=ContactBook(home / "contacts.sqlite"),
        accounts=Accounts(home / "accounts.sqlite"),
        demo=True,
        subscriptions=SubscriptionStore(home / "subscriptions.sqlite"),
        region=region(),
        rulebook=rulebook(),
        system=system(mode),
        language=Language.EN,
        relay=Relay(outbox, servers, prefix=prefix) if servers else None,
    )
    app = http_app(gateway, pages=pages, hooks=hooks, stream=stream)
    async with background(gateway, duties), TestClient(TestServer(app, host="127.0.0.1")) as client:
        yield Doors(client, app, gateway, home, ledger)
    ledger.close()
