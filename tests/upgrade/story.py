"""The story: days are played on the old release, it is killed, the new one takes its home over and is killed, too."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from bench.table import Row
from grid36.demo import Picture
from grid36.demo_day.player import DayPlayer
from grid36.demo_day.running import play_day
from grid36.demo_day.writing import write_day
from grid36.files.region.commands import load_region
from grid36.gateway.client import GatewayClient
from grid36.settings import CHECKOUT, Settings
from tests.processes.waiting import wait_until
from tests.upgrade.releases import Release, checked_out, last_release

BUSY = "supervisor-03"


class UpgradeStory:
    """One home, first of the old release, then of this one."""

    def __init__(self, folder: Path, say: Callable[[str], None], *, speed: float) -> None:
        commit = last_release()
        self.old = Release(checked_out(commit, folder / "old"), folder / "home")
        self.new = Release(CHECKOUT, folder / "home")
        self.rows = [Row("release of before", commit[:8])]
        self._folder, self._say, self._speed = folder, say, speed
        self._region = load_region(CHECKOUT / "regions" / "example")
        self._reports: list[str] = []

    async def play(self) -> None:
        """All of it; raises `AssertionError` where something is lost or another figure comes out."""
        try:
            await asyncio.to_thread(self.old.up)
            await self._day(36, self.old, self.old.kill)
            begun = monotonic()
            await asyncio.to_thread(self.new.up)
            self.rows.append(Row.plain("from the kill of all to the new release answering", monotonic() - begun, "s"))
            await self._day(7, self.new, lambda: self.new.kill("worker-1", "ledger", "gateway"))
            balance = await asyncio.to_thread(self.new.settled_balance)
            self.rows.append(
                Row("reports accepted, accounted for by `balance --deep`", str(balance["accepted"]), "all", good=True)
            )
            assert balance["balanced"]
            assert balance["differences"] == []
            await self._all_there()
            await self._same_figures()
        finally:
            await asyncio.to_thread(self.new.__exit__)

    async def _day(self, seed: int, system: Release, kill: Callable[[], None]) -> None:
        """Play a day, kill in the middle of it, and remember what was confirmed."""
        plan = write_day(self._region, seed, busy=BUSY)
        pictures = self._folder / f"pictures-{seed}"
        pictures.mkdir()
        picture = Picture(pictures, seed)
        async with GatewayClient(Settings(home=system.home)) as gateway:
            player = DayPlayer(gateway, self._region, plan, lambda n, what: picture.of(what, n), lambda *_: None)
            playing = asyncio.create_task(play_day(player, plan, self._speed))
            middle_s = (plan.ends - plan.begins) / self._speed / 2
            await asyncio.sleep(middle_s)
            self._say(f"day {seed}: killed after {middle_s:.0f} s, with {len(player.numbers)} cases")
            await asyncio.to_thread(kill)
            if system is self.new:
                await playing
            else:
                playing.cancel()
                await asyncio.gather(playing, return_exceptions=True)
        self._reports += player.confirmed

    async def _all_there(self) -> None:
        """Every report that a door confirmed, before and after, has become what the log says."""
        async with GatewayClient(Settings(home=self.new.home)) as gateway:
            for report in self._reports:

                async def known(report: str = report) -> Any:
                    told = await gateway.get(f"/api/reports/{report}")
                    return told is not None and told["state"] not in ("accepted", "parked")

                await wait_until(known, f"the report {report} is a case")
        self.rows.append(
            Row("reports that a door confirmed, and that are found", str(len(self._reports)), "all", good=True)
        )

    async def _same_figures(self) -> None:
        """The figures of this release are those that the old one makes from the same log."""
        ours = await asyncio.to_thread(self.new.figures)
        theirs = await asyncio.to_thread(self.old.figures, self._folder / "old.sqlite")
        compared = 0
        for by, rows in theirs.items():
            assert [row["key"] for row in rows] == [row["key"] for row in ours[by]]
            for old, new in zip(rows, ours[by], strict=True):
                assert {name: new.get(name) for name in old} == old, (by, old, new)
                compared += len(old)
        self.rows.append(
            Row("figures of `stats` that both releases make of the log", str(compared), "equal", good=True)
        )
