"""The day of the demo on a real Kafka, as fast as it goes: what was planned happens, and all of it is accounted for."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from grid36.cli.demo_day import day_of, show_day
from grid36.demo import Picture, Street
from grid36.demo_day.plan import Acted, Reported
from grid36.gateway.client import GatewayClient
from grid36.system.create import region_of, rulebook_of
from schemas.names import Language
from tests.processes.system import System

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

SEED = 7
SPEED = 900.0
"""The whole day in a second, so that it goes as fast as the system does."""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, kafka: str) -> Iterator[System]:
    with System(tmp_path_factory.mktemp("day"), kafka=kafka, partitions=4) as running:
        yield running


async def test_a_day_of_the_street_happens_as_planned(system: System, tmp_path: Path) -> None:
    """A seed gives one day; its people do all that was planned through the gateway, and no report is lost."""
    region, rulebook, lines = region_of(system.settings), rulebook_of(system.settings), list[str]()
    plan = day_of(region, rulebook, Language.EN, SEED, normal=4)
    assert plan is not None
    assert plan == day_of(region, rulebook, Language.EN, SEED, normal=4)
    async with GatewayClient(system.settings) as gateway:
        street = Street(gateway, region, Picture(tmp_path))
        player = await show_day(street, plan, lines.append, Language.EN, asyncio.Event(), SPEED)
        again = [told.what for told in plan.reports if isinstance(told.what, Reported) and told.what.again]
        done, reports = player.outcomes, len(plan.reports)
        assert player.wrong == 0, done
        for planned in {moment.what.act for moment in plan.moments if isinstance(moment.what, Acted)}:
            assert done[planned.value, "done"] > 0, planned
        assert done["reported", "merged"] == len(again) > 0
        special = ("reported", "refused"), ("reported", "closed"), ("absent", "done")
        assert [done[each] for each in special] == [1, 1, 1]
        assert done["reported", "needs_information"] == done["supplied", "dispatched"] == 2
    told = "\n".join(lines)
    for words in ("The storm hour begins", "stands in", "whistles", "The day is over", "is due at"):
        assert words in told
    balance = await asyncio.to_thread(system.settled_balance)
    assert (balance["balanced"], balance["accepted"]) == (True, reports)
    assert (balance["refused"], balance["merged"], balance["waiting"]) == (1, len(again), 0)
