"""The day of the demo on a terminal: plays it, and says in words where the day is."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from grid36.demo import Street, cast
from grid36.demo_day.plan import Announced, DayMoment, DayPlan
from grid36.demo_day.player import DayPlayer
from grid36.demo_day.running import play_day
from grid36.demo_day.writing import can_play, write_day
from grid36.signals import unless
from schemas.case import WORKING
from schemas.errors import Grid36Error
from schemas.names import Language
from schemas.region import Region
from schemas.rulebook import Rulebook
from texts.catalogue import say

Echo = Callable[[str], None]
FIRST_PICTURE = 10_000
"""The story and the street that lives on draw from lower numbers."""


def said(language: Language, name: str, **facts: object) -> str:
    """A line about the day."""
    return f"  {say(language, f'system.demo.day.{name}', **facts)}"


def day_of(
    region: Region, rulebook: Rulebook, language: Language, seed: int, normal: int | None = None
) -> DayPlan | None:
    """The day of this seed, beside the story on the two phones; None where the rulebook is about something else."""
    if not can_play(rulebook):
        return None
    return write_day(region, seed, busy=cast(region).handler.id, normal=normal, language=language)


async def show_day(
    street: Street, plan: DayPlan, echo: Echo, language: Language, stop: asyncio.Event, speed: float
) -> DayPlayer:
    """Play a day and tell of it; `speed` is in minutes of the day per second."""

    def photo(number: int, category: str) -> Path:
        return street.pictures.of(category, FIRST_PICTURE + number)

    def tell(moment: DayMoment, line: Announced, number: str) -> None:
        echo(said(language, line.key, time=moment.time, case=number, **dict(line.facts)))

    player = DayPlayer(street.gateway, street.region, plan, photo, tell)
    await unless(stop, play_day(player, plan, speed))
    if not stop.is_set():
        await _end(street, player, plan, echo, language)
    return player


async def _end(street: Street, player: DayPlayer, plan: DayPlan, echo: Echo, language: Language) -> None:
    """What is left at the end of the day, as the ledger knows it; when the first of it is late, and what went wrong."""
    try:
        answer = await street.gateway.get("/api/cases?open=1&order=due&limit=200") or {"cases": []}
    except Grid36Error as fault:
        echo(fault.say(language))
        return
    cases = answer["cases"]
    echo(said(language, "over", time=DayMoment(plan.ends, Announced("over")).time, n=len(cases)))
    running = [case for case in cases if "due_ms" in case and case["state"] in WORKING]
    if running:
        due = datetime.fromtimestamp(running[0]["due_ms"] / 1000, ZoneInfo(street.region.zone))
        echo(said(language, "due", case=running[0]["number"], due=f"{due:%H:%M}"))
    if player.wrong:
        echo(said(language, "failed", n=player.wrong))
