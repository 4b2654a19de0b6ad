"""A small town of which a day is proved to its departments."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from connectors.doors.http.context import GATEWAY, PROOFS
from connectors.doors.http.proofs.api import add_proofs
from connectors.proofs.accounts import Proofs
from connectors.proofs.book import ProofBook
from schemas.command import Act
from schemas.days import end_ms
from schemas.proof import Entry, ProofWay
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import Life

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 19)
"""The day on which the town begins."""
WATER = "water-supply"


def proofs_of(town: Town, folder: Path) -> Proofs:
    """Followed up to now; nothing is closed."""
    proofs = Proofs(ProofBook(folder / "proofs.sqlite", ZONE), town.gateway.ledger)
    proofs.follow()
    return proofs


def two_burst_pipes(town: Town) -> list[str]:
    """Two cases of `WATER`; the second is signed by the department's program, under the id `7`."""
    life = Life(town)
    numbers = [life.report("one", "水管爆裂", "湖滨南路12号"), life.report("two", "水管爆裂", "晨光街20号")]
    sign(town, numbers[1], f"{WATER}#7")
    return numbers


def sign(town: Town, number: str, id: str) -> None:
    """Its assignee signs a case, five minutes later."""
    town.clock.wait(5)
    who = town.street.cases[number].assignee or ""
    town.street.act(number, Act.ACKNOWLEDGE, who, at=max(town.clock(), town.street.t_ms), name=id)
    town.tell()


def spoil(file: Path) -> None:
    """In its place there is a folder."""
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()
    file.mkdir()


def close(proofs: Proofs, day: date = DAY) -> None:
    """Nothing more can come of this day."""
    proofs.follow()
    proofs.book.complete(end_ms(day, ZONE))


def listed(proofs: Proofs, way: ProofWay = ProofWay.TO_PARTNER, partner: str = WATER, day: date = DAY) -> list[Entry]:
    """What counts here."""
    return [record.entry for record in proofs.records(partner, way, day)]


def proving(folder: Path) -> Callable[[web.Application], None]:
    """Lets pages and API answer about proofs."""
    return lambda app: add_proofs(app, Proofs(ProofBook(folder / "proofs.sqlite", ZONE), app[GATEWAY].ledger))


@asynccontextmanager
async def proved_town(folder: Path) -> AsyncIterator[tuple[Town, Proofs]]:
    """A town whose pages and API answer about proofs; people sign in."""
    async with small_town(folder, demo=False, more=[proving(folder)]) as town:
        yield town, town.app[PROOFS]
