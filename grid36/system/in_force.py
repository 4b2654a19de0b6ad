"""The region and rulebook in force at a moment: of the last switch, or of the creation."""

import asyncio

from connectors.clock import now_ms
from grid36.settings import Settings
from grid36.signals import unless
from grid36.system.create import known_in, region_of, rulebook_of
from schemas.region import Region
from schemas.rulebook import Rulebook
from streams.rulebooks.topic import digests_at, read_rulebooks, region_in

PAUSE_S = 0.5


async def active(settings: Settings, servers: str, t_ms: int) -> tuple[Region, Rulebook]:
    """Region and rulebook in force at `t_ms`, from `rulebooks`."""
    known = known_in(await read_rulebooks(servers, prefix=settings.topic_prefix), t_ms)
    return (known.region, known.rulebook) if known else (region_of(settings), rulebook_of(settings))


async def zone_in_force(settings: Settings, servers: str, stop: asyncio.Event) -> str:
    """The IANA zone of the region in force now, from `rulebooks`; waits until the system is created.

    It reads no files: these may be another system's, or of another day. "" when `stop` is set before.
    """
    while not stop.is_set():
        records = await read_rulebooks(servers, prefix=settings.topic_prefix)
        digests = digests_at(records, now_ms())
        region = None if digests is None else region_in(records, digests[0])
        if region is not None:
            return region.zone
        await unless(stop, asyncio.sleep(PAUSE_S))
    return ""
