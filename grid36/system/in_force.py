"""What a running system decides by at a moment: the last switch that is in force, or what it began with."""

from grid36.settings import Settings
from grid36.system.create import known_in, region_of, rulebook_of
from schemas.region import Region
from schemas.rulebook import Rulebook
from streams.rulebooks.topic import read_rulebooks


async def active(settings: Settings, servers: str, t_ms: int) -> tuple[Region, Rulebook]:
    """Region and rulebook in force at `t_ms`, as `rulebooks` keeps them."""
    known = known_in(await read_rulebooks(servers, prefix=settings.topic_prefix), t_ms)
    return (known.region, known.rulebook) if known else (region_of(settings), rulebook_of(settings))
