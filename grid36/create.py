"""Creating a system: its topics, and what it is made of, once and for all."""

from pathlib import Path

from grid36.home import Home
from grid36.kafka import create_topics, wait_for_kafka
from grid36.regions import load_region
from grid36.rulebook_files import load_rulebook
from grid36.settings import Settings, data_folder
from schemas.codec import decode, encode
from schemas.errors import ServiceAway
from schemas.region import Region
from schemas.rulebook import Rulebook
from schemas.system import Mode, System
from streams.rulebooks import create, read_rulebooks, system_in


def region_folder(settings: Settings) -> Path:
    """The region that was named, else the one that `up` was started with here, else the example street."""
    started_with = (Home(settings.home).read() or {}).get("region")
    return settings.region or (Path(started_with) if started_with else data_folder("regions") / "example")


def region_of(settings: Settings) -> Region:
    """The region of these settings."""
    return load_region(region_folder(settings))


def rulebook_of(settings: Settings) -> Rulebook:
    """The rulebook of these settings."""
    return load_rulebook(region_folder(settings))


async def create_system(settings: Settings, servers: str) -> System:
    """Make what is missing; a system that is there already stays as it was created, its number of partitions too."""
    existing = system_in(await read_rulebooks(servers, prefix=settings.topic_prefix))
    region, rulebook = region_of(settings), rulebook_of(settings)
    departments = {organisation.code for organisation in region.organisations} | {region.fallback_department}
    await create_topics(
        servers,
        existing.partitions if existing else settings.partitions,
        sorted(departments),
        history=existing is not None and existing.mode is Mode.HISTORY,
        prefix=settings.topic_prefix,
        replication=settings.replication,
    )
    return existing or await create(servers, region, rulebook, settings.partitions, prefix=settings.topic_prefix)


async def known_system(settings: Settings, servers: str, limit_s: float = 60.0) -> System:
    """The system, also when Kafka is away: what was last known of it is kept under the home."""
    file = settings.home / "system.json"
    try:
        await wait_for_kafka(servers, limit_s if not file.exists() else 2.0)
        system = await create_system(settings, servers)
    except ServiceAway:
        if not file.exists():
            raise
        return decode(System, file.read_bytes())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(encode(system))
    return system
