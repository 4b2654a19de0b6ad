"""The day of the demo in the small town: played as fast as it goes, while the town's clock shows the plan's time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from grid36.demo_day.plan import Announced, DayMoment, DayPlan
from grid36.demo_day.player import DayPlayer
from grid36.gateway.client import GatewayClient, Sent
from grid36.settings import Settings
from tests.worlds.drawn_photos import street_photo
from tests.worlds.small_town import Town


class TownClient(GatewayClient):
    """A gateway client in whose town everything is decided as soon as it was sent."""

    def __init__(self, town: Town) -> None:
        port = int(town.url.rsplit(":", 1)[1])
        super().__init__(Settings(home=town.folder / "client", http_port=port, lang="en"))
        self._town = town

    async def _ask(self, method: str, path: str, form: Sent | None) -> dict[str, Any] | None:
        answer = await super()._ask(method, path, form)
        if method == "POST":
            self._town.step()
        return answer


@dataclass
class TownDay:
    """A day that was played: its player, and the lines that were told."""

    player: DayPlayer
    told: list[tuple[DayMoment, Announced, str]] = field(default_factory=list)


async def live_a_day(
    town: Town, plan: DayPlan, until: Callable[[DayMoment], bool] = lambda _: False, *, width: int = 64
) -> TownDay:
    """Play moment by moment, stopping before the first one that `until` names; the clock follows the plan."""
    zone, folder = ZoneInfo(town.gateway.region.zone), town.folder / "pictures"
    folder.mkdir(exist_ok=True)
    midnight = datetime.fromtimestamp(town.clock() / 1000, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    begin_ms = round(midnight.timestamp() * 1000)

    def photo(number: int, category: str) -> Path:
        file = folder / f"{number}.jpg"
        file.write_bytes(street_photo(clean=not category, seed=number, width=width, height=width * 3 // 4))
        return file

    async with TownClient(town) as client:
        told: list[tuple[DayMoment, Announced, str]] = []
        player = DayPlayer(
            client, town.gateway.region, plan, photo, lambda *line: told.append(line), lambda: town.clock() / 1000
        )
        for moment in plan.moments:
            if until(moment):
                break
            town.clock.now_ms = begin_ms + round(moment.minute * 60_000)
            town.step()
            await player.do(moment)
        return TownDay(player, told)
