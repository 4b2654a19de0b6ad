"""How old what an answer goes by may be, and that looking keeps nobody else waiting."""

import asyncio
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from connectors.doors.open311.answers import LedgerVersion
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.write.place import place_of
from tests.processes.postgres_server import PostgresServer
from tests.processes.waiting import wait_until
from tests.worlds.open311_town import open311_town
from tests.worlds.town_life import Life

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def test_a_look_at_the_ledger_is_good_for_a_while(tmp_path: Path) -> None:
    async with open311_town(tmp_path) as asked:
        kept, fresh = LedgerVersion(asked.town.gateway, 3600), LedgerVersion(asked.town.gateway, 0)
        before = await kept.now()
        assert before == await fresh.now() is not None
        Life(asked.town).report("litter", "垃圾桶满溢", "湖滨南路22号")
        assert await kept.now() == before != await fresh.now()


async def test_a_slow_server_keeps_only_those_waiting_who_ask_for_the_ledger(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """All who ask meanwhile share one look at it, and one who goes away takes it from nobody."""
    address = postgres.database()
    place = place_of(address)
    with place.only_one("run"):
        store = place.new()
        store.close()
        place.publish(store.name)
    async with open311_town(tmp_path) as asked:
        version = LedgerVersion(replace(asked.town.gateway, ledger=Ledger(address)), 3600)
        with psycopg.connect(address) as slow, psycopg.connect(address, autocommit=True) as watching:
            slow.execute("LOCK TABLE grid36_ledger.published IN ACCESS EXCLUSIVE MODE")
            gone, *others = (asyncio.create_task(version.now()) for _ in range(3))

            def looks() -> int:
                ((found,),) = watching.execute(WAITING).fetchall()
                return int(found)

            await wait_until(looks, "a look that waits")
            assert await asked.found("services"), "others are answered"
            assert looks() == 1
            assert gone.cancel()
            with pytest.raises(asyncio.CancelledError):
                await gone
            assert not any(each.done() for each in others)
        first, second = await asyncio.gather(*others)
        assert first == second is not None
