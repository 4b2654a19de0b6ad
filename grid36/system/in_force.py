"""The region and rulebook in force at a moment: of the last switch, or of the creation."""

from grid36.settings import Settings
from grid36.system.create import known_in, region_of, rulebook_of
from schemas.region import Region
from schemas.rulebook import Rulebook
from streams.rulebooks.topic import read_rulebooks


async def active(settings: Settings, servers: str, t_ms: int) -> tuple[Region, Rulebook]:
    """Region and rulebook in force at `t_ms`, from `rulebooks`."""
    known = known_in(await read_rulebooks(servers, prefix=settings.topic_prefix), t_ms)
    return (known.region, known.rulebook) if known else (region_of(settings), rulebook_of(settings))
