"""Our client acts for a department: once per order, with photos, and says what became of it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from connectors.departments.acting import DepartmentDesk, KeyRefusedError
from connectors.departments.client import Delivery
from connectors.departments.program import DepartmentJob
from schemas.case import State
from schemas.codec import decode
from schemas.event import EventType
from schemas.order import Order
from streams.cases.orders import OrderWriter
from tests.worlds.doors import picture
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import Life

WATER = "water-supply"


class World(NamedTuple):
    town: Town
    pipe: str
    desk: DepartmentDesk
    photo: Path

    def job(self) -> DepartmentJob:
        """The order as it would be delivered now."""
        case, events = self.town.street.cases[self.pipe], self.town.street.drafts
        (pending,) = OrderWriter("", 0).orders(None, case, self.town.street.book, events, b"{}", t_ms=0)
        return DepartmentJob(Delivery(self.pipe, decode(Order, pending.value), False, 0, 7), self.desk)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_town(tmp_path, demo=False) as town:
        life = Life(town)
        pipe = life.report("pipe", "水管爆裂", "湖滨南路12号", photos=life.shots)
        _, key = await town.gateway.accounts.ask(lambda rows: rows.department_keys.new(WATER, 0))
        desk = DepartmentDesk(town.url, key, language="en")
        (tmp_path / "after.jpg").write_bytes(picture())
        try:
            yield World(town, pipe, desk, tmp_path / "after.jpg")
        finally:
            await desk.close()


async def test_an_order_that_is_delivered_again_acts_once(world: World) -> None:
    job = world.job()
    outcomes = [await job.done("阀门已更换", [world.photo]) for _ in range(2)]
    assert [each.state for each in outcomes] == ["done", "done"]
    assert outcomes[0].id == outcomes[1].id
    assert world.town.street.cases[world.pipe].state is State.RESOLVED
    assert [draft.by for draft in world.town.street.drafts if draft.type is EventType.RESOLVED] == [f"officer-{WATER}"]


async def test_what_is_refused_says_why(world: World) -> None:
    late = world.job()
    assert (await late.done("好了")).state == "refused", "without an after-photo"
    assert (await late.act("verify", id="1")).why.startswith("The case is")
    assert (await late.act("dance", id="2")).state == "refused"


async def test_photos_of_the_order_are_there(world: World) -> None:
    digest = Life(world.town).before.digest
    photo = await world.job().photo(digest)
    assert photo is not None
    assert photo[:2] == b"\xff\xd8"
    assert await world.job().photo("0" * 64) is None


async def test_a_key_that_is_revoked_is_said(world: World) -> None:
    await world.town.gateway.accounts.ask(lambda rows: rows.department_keys.revoke(WATER))
    with pytest.raises(KeyRefusedError):
        await world.job().act("contact")
