"""How old what an answer goes by may be."""

from pathlib import Path

from connectors.doors.open311.answers import LedgerVersion
from tests.worlds.open311_town import open311_town
from tests.worlds.town_life import Life


async def test_a_look_at_the_ledger_is_good_for_a_while(tmp_path: Path) -> None:
    async with open311_town(tmp_path) as asked:
        kept, fresh = LedgerVersion(asked.town.gateway, 3600), LedgerVersion(asked.town.gateway, 0)
        before = kept.now()
        assert before == fresh.now() is not None
        Life(asked.town).report("litter", "垃圾桶满溢", "湖滨南路22号")
        assert kept.now() == before != fresh.now()
